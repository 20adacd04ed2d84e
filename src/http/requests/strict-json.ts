import { isUtf8 } from 'node:buffer'
import { beginsNumber, endOfNumber, isExactBetween, parseExactly } from '../../domain/exact-number.ts'
import { Problem } from '../problems/problems.ts'
import { findJsonFault } from './find-json-fault.ts'

/**
 * Parses a JSON body. Beyond `JSON.parse` it refuses bytes that are not UTF-8, what is nested too deep, objects that
 * name a member twice (the parser would silently keep the last), and escapes of what is no character (U+0000, half a
 * surrogate pair), which providers could cut a text at, or not read at all. A number that a double would change is an
 * `ExactNumber`. `what`: what the text is to whoever sent it.
 */
export function parseStrictJson(bytes: Buffer, what = 'The body'): unknown {
  if (!isUtf8(bytes)) throw malformed(`${what} is not UTF-8.`)
  const written = bytes.toString('utf8')
  // Some programs put a byte order mark before everything.
  const text = written.charCodeAt(0) === byteOrderMark ? written.slice(1) : written
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed(`${what} ${faultOf(text)}`)
  }
  const { names, exact } = scan(text)
  if (names !== countMembers(value, 0)) throw malformed(`An object in ${lowerCase(what)} names a member twice.`)
  return exact ? readExactly(text) : value
}

const byteOrderMark = 0xfeff

function lowerCase(what: string): string {
  return what.charAt(0).toLowerCase() + what.slice(1)
}

function faultOf(text: string): string {
  if (text.trim() === '') return 'is empty.'
  const { line, column, slip } = findJsonFault(text)
  return `is not valid JSON: line ${line}, column ${column}.${slip}`
}

const withExactNumbers = new WeakSet<object>()

/** True for a body that `parseStrictJson` read and that holds an `ExactNumber`. */
export function holdsExactNumbers(body: unknown): boolean {
  return typeof body === 'object' && body !== null && withExactNumbers.has(body)
}

function readExactly(text: string): unknown {
  const value = parseExactly(text)
  withExactNumbers.add(value as object)
  return value
}

function malformed(what: string): Problem {
  return new Problem('malformed-json', { detail: `${what} Mend it and send it again; nothing was sent.` })
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const letterU = 0x75
const surrogatePair = /^\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}$/

/**
 * The members that a valid JSON text writes down (each has one colon outside of strings), and whether a double would
 * change one of its numbers.
 */
function scan(text: string): { readonly names: number; readonly exact: boolean } {
  let names = 0
  let exact = false
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === colon) names++
    else if (character === quote) {
      for (at++; text.charCodeAt(at) !== quote; at++)
        if (text.charCodeAt(at) === backslash) at += lengthOfEscape(text, at)
    } else if (beginsNumber(character)) {
      const end = endOfNumber(text, at)
      exact ||= isExactBetween(text, at, end)
      at = end - 1
    }
  }
  return { names, exact }
}

/** How many characters of an escape sequence follow its backslash. @throws Problem for one that is no character */
function lengthOfEscape(text: string, at: number): number {
  if (text.charCodeAt(at + 1) !== letterU) return 1
  const code = Number.parseInt(text.slice(at + 2, at + 6), 16)
  if (code === 0) throw malformed('A text in the body holds U+0000.')
  if (code < 0xd800 || code > 0xdfff) return 5
  if (!surrogatePair.test(text.slice(at, at + 12))) throw malformed('A text in the body holds half a surrogate pair.')
  return 11
}

/** Far deeper than any body has a use for, and never too deep for those that walk through it. */
const deepest = 100

/**
 * The members that the parsed value has: fewer than were written down when a name came twice.
 * @throws Problem when it is nested too deep
 */
function countMembers(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth === deepest) throw malformed(`The body is nested more than ${deepest} levels deep.`)
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value) members += countMembers(item, depth + 1)
    return members
  }
  for (const name in value) members += 1 + countMembers((value as Record<string, unknown>)[name], depth + 1)
  return members
}
