import { frequentIdeographs, frequentLetters, frequentSyllables, latinAlphabets, lettersAlone } from './alphabets.ts'

const words = /[A-Za-z'\u0080-\u{10ffff}]+/gu
const notAscii = /[^\p{ASCII}]/gu
const letter = /[\p{L}\p{M}]/u
/** Letters by their property, and signs by their use: 1ª, nº. */
const ordinal = /[ºª]/
/** Signs that people write; most of them not inside a word. */
const usualSign = /[\u00a0‘’‚“”„‹›«»–—…•·€£¥§°ºª©®™¿¡№´、。，．・：；！？（）「」『』【】〒～　]/u
const signInWord = /[’·´・、，ºª\u00a0]/u
/** `Zoé`, `ÉMILE`, `zoé`, `McÉlroy`: letters of both cases in another order are no word. */
const wordShape = /^(?:\p{Lu}?[\p{Ll}\p{M}]+|[\p{Lu}\p{M}]+|\p{Lu}[\p{Ll}\p{M}]+(?:[A-Z][\p{Ll}\p{M}]+)*)$/u

/** A file in one language is more likely than one in which each word is of another. */
const weightOfOneLanguage = 0.15

/**
 * How much a text looks like what people write, from 0 to 1: the mean over its characters that are not ASCII. Read in a wrong
 * encoding, names become words of mixed case, of letters that no language has together, or with signs in their middle.
 * `undefined`: it is ASCII alone.
 */
export function naturalness(text: string): number | undefined {
  const strange = text.match(notAscii)
  if (strange === null) return undefined
  const sum = (text.match(words) ?? []).reduce((total, word) => total + scoreOfWord(word), 0)
  const mean = Math.max(0, sum / strange.length)
  return mean * (1 - weightOfOneLanguage * (1 - shareOfOneLanguage(strange)))
}

function shareOfOneLanguage(strange: readonly string[]): number {
  const small = strange.filter((sign) => /\p{Script=Latin}/u.test(sign) && !ordinal.test(sign)).map(lowerCase)
  return small.length === 0 ? 1 : explainedByOne(small, 0) / small.length
}

/** How many letters the alphabet has that has most of them, times its weight or the lowest that is allowed. */
function explainedByOne(letters: readonly string[], lowest: number): number {
  return latinAlphabets.reduce((most, { letters: known, weight }) => {
    const explained = letters.filter((sign) => known.has(sign)).length
    return Math.max(most, weight * explained)
  }, lowest)
}

/** In one code point: İ is i with a dot elsewhere. */
function lowerCase(sign: string): string {
  return sign === 'İ' ? 'i' : sign.toLowerCase()
}

/** The sum over the characters that are not ASCII. */
function scoreOfWord(word: string): number {
  const strange = word.match(notAscii)
  if (strange === null) return 0
  const signs = strange.filter((sign) => !letter.test(sign) || ordinal.test(sign))
  const scoreOfSigns = signs.reduce((sum, sign) => sum + scoreOfSign(sign, word), 0)
  if (signs.length === strange.length) return scoreOfSigns
  const parts = word.split(/[^\p{L}\p{M}]|[ºª]/u)
  return parts.reduce((sum, part) => sum + scoreOfLetters(part), scoreOfSigns)
}

function scoreOfSign(sign: string, word: string): number {
  if (!usualSign.test(sign)) return /\p{Emoji}/u.test(sign) ? 0.8 : 0
  const at = word.indexOf(sign)
  const isInside = letter.test(word.slice(0, at)) && letter.test(word.slice(at))
  if (!isInside) return 0.9
  return signInWord.test(sign) ? 1 : 0.1
}

function scoreOfLetters(part: string): number {
  const letters = [...part.normalize('NFC')]
  const strange = letters.filter((sign) => sign > '\x7f')
  if (strange.length === 0) return 0
  const scripts = new Set(letters.map(scriptOf))
  // Nobody mixes them: this weighs more than what is said for the reading elsewhere.
  if (scripts.size > 1) return -strange.length
  const hasShape = wordShape.test(part.replaceAll('ß', 's')) || !/\p{Lu}|\p{Ll}/u.test(part)
  const shape = hasShape ? 1 : 0.2
  if (scripts.has('Latin')) return shape * scoreOfLatin(letters.map(lowerCase), strange.map(lowerCase))
  const greek = scripts.has('Greek') && !isGreekWord(part) ? 0.4 : 1
  return shape * greek * strange.reduce((sum, sign) => sum + scoreOfLetter(sign), 0)
}

const scripts: readonly [name: string, RegExp][] = [
  ['Latin', /\p{Script=Latin}/u],
  // What Japanese mixes is one.
  ['Han', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々\uff61-\uff9f]/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Hangul', /\p{Script=Hangul}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Arabic', /\p{Script=Arabic}/u],
]

function scriptOf(sign: string): string | undefined {
  return scripts.find(([, script]) => script.test(sign))?.[0]
}

function scoreOfLatin(letters: readonly string[], strange: readonly string[]): number {
  const word = letters.join('')
  if (letters.length === 1) return lettersAlone.has(word) ? 0.9 : 0.2
  if (/[^\p{ASCII}]{3}/u.test(word)) return 0.2 * strange.length
  // Portuguese has it before e; Hungarian, in another encoding, everywhere.
  if (/õ(?!e)/.test(word) && !/[äöüšž]/.test(word)) return 0.4 * strange.length
  const isVietnamese = /[\u1e00-\u1eff]/.test(word)
  return explainedByOne(strange, (isVietnamese ? 0.8 : 0.3) * strange.length)
}

/** One vowel has an accent, unless all are capitals or it is short. */
function isGreekWord(word: string): boolean {
  if (/ς(?=\p{L})/u.test(word)) return false
  return word.length < 3 || !/\p{Ll}/u.test(word) || word.match(/[άέήίόύώΐΰΆΈΉΊΌΎΏ]/gu)?.length === 1
}

/** Beyond the Latin alphabet. */
function scoreOfLetter(sign: string): number {
  if (/[\p{Script=Hiragana}\u30a0-\u30ff々]/u.test(sign)) return 1
  if (/[\uff61-\uff9f]/.test(sign)) return 0.75
  if (/\p{Script=Hangul}/u.test(sign)) return frequentSyllables.has(sign) ? 1 : 0.6
  if (/[\u4e00-\u9fff]/.test(sign)) return frequentIdeographs.has(sign) ? 1 : 0.5
  if (/\p{Script=Han}|\p{Co}/u.test(sign)) return 0.2
  return frequentLetters.has(lowerCase(sign)) ? 1 : 0.7
}
