/** What is not seen wherever it stands: zero-width characters, soft hyphens, byte order marks, marks of direction. */
export const ignorable = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu

const blankOrInvisible = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]$/u
const breakOrControl = /[\p{Cc}\u2028\u2029]/u
const blanksAndControls = /[\s\p{Cc}]+/gu
/** They choose how the character before them looks, and are a part of it: a heart in colour, a variant of a Han character. */
const variationSelector = /^\p{Variation_Selector}/u
/** The end of a flag such as Scotland's: characters that are invisible by themselves, behind a black flag. */
const restOfFlag = /^[\u{e0020}-\u{e007e}]+\u{e007f}/u
const blackFlag = '\u{1f3f4}'
/** Behind a mark that takes a vowel away, a joiner makes the last letter of a Malayalam or Bengali name. */
const joinerAtEnd = /^[\u200c\u200d]/
const mark = /^\p{M}$/u
const directionControl = /[\u202a-\u202e\u2066-\u2069]/
const directionControls = /[\u202a-\u202e\u2066-\u2069]/g

/**
 * A name, tag or attribute as it is meant: without blanks, byte order marks and invisible characters at its ends, and
 * with one blank where there were line breaks or control characters inside. Everything else stays to the letter, also
 * what is invisible inside: emoji and several scripts need it. Empty when there is nothing to see.
 */
export function tidyText(text: string): string {
  return isPlain(text) ? text : withoutControls(trimInvisible(text))
}

/** True when there is certainly nothing to tidy: nearly every text, told at the cost of a look at it. */
function isPlain(text: string): boolean {
  return isVisible(text.charCodeAt(0)) && isVisible(text.charCodeAt(text.length - 1)) && !breakOrControl.test(text)
}

/** Of the characters below U+034F, the first one that is invisible and no Latin character. */
function isVisible(code: number): boolean {
  return (code > 0x20 && code < 0x7f) || (code > 0xa0 && code < 0x34f && code !== 0xad)
}

function withoutControls(text: string): string {
  if (!breakOrControl.test(text)) return text
  return text.replace(blanksAndControls, (run) => (breakOrControl.test(run) ? ' ' : run))
}

/** Takes blanks, control and invisible characters off both ends of a text. */
export function trimInvisible(text: string): string {
  let start = 0
  while (start < text.length && isBlankAt(text, start)) start += widthAt(text, start)
  let end = text.length
  while (end > start && isBlankAt(text, startOfLast(text, end))) end = startOfLast(text, end)
  end += tailOfLast(text, startOfLast(text, end), end)
  return start === 0 && end === text.length ? text : inOneDirection(text.slice(start, end))
}

function isBlankAt(text: string, at: number): boolean {
  return blankOrInvisible.test(String.fromCodePoint(text.codePointAt(at) as number))
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) as number) > 0xffff ? 2 : 1
}

/** Where the code point begins that ends before `end`. */
function startOfLast(text: string, end: number): number {
  return end > 1 && (text.codePointAt(end - 2) as number) > 0xffff ? end - 2 : Math.max(0, end - 1)
}

/** How much of what follows the last visible character is a part of it. */
function tailOfLast(text: string, last: number, end: number): number {
  if (end === 0 || end === text.length) return 0
  const base = text.slice(last, end)
  const rest = text.slice(end)
  const tail = base === blackFlag ? restOfFlag : mark.test(base) ? joinerAtEnd : variationSelector
  return tail.exec(rest)?.[0].length ?? 0
}

/** A control of direction whose partner was taken off an end would turn what stands behind the text. */
function inOneDirection(text: string): string {
  if (!directionControl.test(text)) return text
  let open = 0
  for (const [control] of text.matchAll(directionControls)) {
    open += control === '\u202c' || control === '\u2069' ? -1 : 1
    if (open < 0) break
  }
  return open === 0 ? text : text.replace(directionControls, '')
}
