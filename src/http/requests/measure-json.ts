import { beginsNumber, endOfNumber, isExactBetween } from '../../domain/exact-number.ts'

/** Far deeper than any body has a use for, and never too deep for those that walk through it. */
export const deepest = 64
/** Twice what the widest object may have that is read here: the mapping of an import. */
export const mostMembers = 1_000
/** As many contacts as a configuration may allow in a batch. */
export const mostItems = 100_000

/** Of the name of a member as it is written: 200 characters, each as an escape. */
export const longestName = 1_200

export type JsonMeasure = {
  /** The members that the text writes down: each has one colon outside of strings. */
  readonly names: number
  /** Whether a double would change one of its numbers. */
  readonly exact: boolean
}

/** Why nothing is to be made of a text: it is beyond a limit, or holds an escape of what is no character. */
export type JsonExcess = 'levels' | 'name' | 'members' | 'items' | 'U+0000' | 'half a surrogate pair'

/**
 * Looks once over the characters of a JSON text, before a parser makes all that stands in it, and stops where it is to be
 * refused. What it tells of a text that is no JSON means nothing.
 */
export function measureJson(text: string): JsonMeasure | JsonExcess {
  let names = 0
  let exact = false
  let depth = 0
  let lengthOfText = 0
  commas[0] = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === colon) {
      if (lengthOfText > longestName) return 'name'
      names++
    } else if (character === quote) {
      const start = at
      for (at++; at < text.length && text.charCodeAt(at) !== quote; at++) {
        if (text.charCodeAt(at) !== backslash) continue
        const length = lengthOfEscape(text, at)
        if (typeof length === 'string') return length
        at += length
      }
      lengthOfText = at - start
    } else if (beginsNumber(character)) {
      const end = endOfNumber(text, at)
      exact ||= isExactBetween(text, at, end)
      at = end - 1
    } else if (character === comma) {
      const count = (commas[depth] as number) + 1
      commas[depth] = count
      if (count >= (limits[depth] as number)) return count === mostItems ? 'items' : 'members'
    } else if (character === openBrace || character === openBracket) {
      if (depth === deepest) return 'levels'
      depth++
      commas[depth] = 0
      limits[depth] = character === openBrace ? mostMembers : mostItems
    } else if ((character === closeBrace || character === closeBracket) && depth > 0) depth--
  }
  return { names, exact }
}

/** By level; the same for every text, since one is looked at to its end. */
const commas = new Uint32Array(deepest + 1)
const limits = new Uint32Array(deepest + 1).fill(mostItems)

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const letterU = 0x75
const surrogatePair = /^\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}$/

/** How many characters of an escape sequence follow its backslash. */
function lengthOfEscape(text: string, at: number): number | JsonExcess {
  if (text.charCodeAt(at + 1) !== letterU) return 1
  const code = Number.parseInt(text.slice(at + 2, at + 6), 16)
  if (code === 0) return 'U+0000'
  if (!(code >= 0xd800 && code <= 0xdfff)) return 5
  return surrogatePair.test(text.slice(at, at + 12)) ? 11 : 'half a surrogate pair'
}
