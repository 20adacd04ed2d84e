import { isUtf8 } from 'node:buffer'
import { parseExactly } from '../../domain/exact-number.ts'
import { Problem } from '../problems/problems.ts'
import { findJsonFault } from './find-json-fault.ts'
import { deepest, type JsonExcess, longestName, measureJson, mostItems, mostMembers } from './measure-json.ts'

/**
 * Parses a JSON body. Beyond `JSON.parse` it refuses bytes that are not UTF-8, what is nested too deep or holds too much,
 * objects that name a member twice (the parser would silently keep the last), and escapes of what is no character (U+0000,
 * half a surrogate pair), which providers could cut a text at, or not read at all. A number that a double would change is
 * an `ExactNumber`. `what`: what the text is to whoever sent it.
 */
export function parseStrictJson(bytes: Buffer, what = 'The body'): unknown {
  if (!isUtf8(bytes)) throw malformed(`${what} is not UTF-8.`)
  const written = bytes.toString('utf8')
  // Some programs put a byte order mark before everything.
  const text = written.charCodeAt(0) === byteOrderMark ? written.slice(1) : written
  const measure = measureJson(text)
  if (typeof measure === 'string') throw beyond(measure, what)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed(`${what} ${faultOf(text)}`)
  }
  if (measure.names !== countMembers(value)) throw malformed(`An object in ${lowerCase(what)} names a member twice.`)
  return measure.exact ? readExactly(text) : value
}

function beyond(excess: JsonExcess, what: string): Problem {
  if (excess === 'levels') return malformed(`${what} is nested more than ${deepest} levels deep.`)
  if (excess === 'U+0000' || excess === 'half a surrogate pair')
    return malformed(`A text in ${lowerCase(what)} holds ${excess}.`)
  const much = {
    name: `A member in ${lowerCase(what)} has a name of more than ${longestName} characters`,
    members: `An object in ${lowerCase(what)} has more than ${mostMembers} members`,
    items: `A list in ${lowerCase(what)} has more than ${mostItems} items`,
  }
  return new Problem('payload-too-large', { detail: `${much[excess]}, and none may have so many. Send less of it.` })
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

/** The members that the parsed value has: fewer than were written down when a name came twice. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value) members += countMembers(item)
    return members
  }
  for (const name in value) members += 1 + countMembers((value as Record<string, unknown>)[name])
  return members
}
