import names from './header-names.json' with { type: 'json' }

/** The fields of a contact that a column can carry; beside them `attributes.<name>`. */
export const contactFields = ['ref', 'name', 'firstName', 'lastName', 'email', 'phone', 'whatsapp', 'tags'] as const
export type ContactField = (typeof contactFields)[number]

/** True for the fields of which a contact needs one. */
export function reachesPeople(field: string): boolean {
  return field === 'email' || field === 'phone' || field === 'whatsapp'
}

/**
 * `isListed`: the name stands in the file of names, and was not put together from its words. `isFallback`: it is the field
 * only where no other column is, or behind others.
 */
export type KnownName = { readonly field: ContactField; readonly isListed: boolean; readonly isFallback: boolean }

type NamesBySource = Readonly<Record<string, readonly string[]>>
type NamesByField = Readonly<Partial<Record<ContactField, NamesBySource>>>

/** Marks that people leave out: accents, Arabic vowels and the Indian dot; never the vowels of Indian scripts. */
const marks = /[\p{Script=Inherited}\p{Cf}\u0640]|\u093c/gu
const pictures = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/gu
/** Letters that have another one's place, in these languages or on some keyboards. */
const sameLetters: Readonly<Record<string, string>> = { ı: 'i', ł: 'l', ø: 'o', ß: 'ss', ى: 'ي', ة: 'ه' }

/** One character may stand for eighteen: a name that is longer than this once it is decomposed is only itself. */
const longestDecomposed = 400

/** A header without case, accents, white space, `_`, `-`, dots and apostrophes: `E-mail` and `e_mail` are one. */
export function normalizeName(header: string): string {
  return header.normalize('NFKD').length > longestDecomposed ? header : fold(header).replace(/[\s_\-.'’]+/gu, '')
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(marks, '')
    .toLowerCase()
    .replace(/[ıłøßىة]/gu, (letter) => sameLetters[letter] as string)
}

/** More is no name of a column. */
const longestName = 80
const mostWords = 10

/**
 * The field that a column of this name carries, if it is known: by its letters, whatever stands between them, else by
 * its words in any order, without what a form writes behind a name.
 */
export function fieldOfName(header: string): KnownName | undefined {
  if (isNoName(header)) return undefined
  const plain = withoutDecorations(header)
  return byLetters.get(normalizeName(header)) ?? byLetters.get(normalizeName(plain)) ?? fieldOfWords(plain)
}

/** The same for each column of a header, since some names mean something else in some company. */
export function fieldsOfHeader(header: readonly string[]): readonly (KnownName | undefined)[] {
  const keys = header.map(keyOf)
  const known = new Set(keys)
  const isThere = (company: readonly string[]) => company.some((name) => known.has(name))
  return header.map((name, index) => {
    const key = keys[index] as string
    if (notBeside.some((rule) => rule.names.includes(key) && isThere(rule.beside))) return undefined
    const special = onlyBeside.find((rule) => rule.names.includes(key) && isThere(rule.beside))
    return special === undefined ? fieldOfName(name) : { field: special.field, isListed: true, isFallback: false }
  })
}

/** True for the word for a name without more, which may be the first or the last name where the other one is there. */
export function isNameAlone(header: string): boolean {
  return nameAlone.has(keyOf(header))
}

/** By which names are compared; empty for what is none. */
export function keyOf(header: string): string {
  return isNoName(header) ? '' : normalizeName(withoutDecorations(header))
}

function isNoName(header: string): boolean {
  return header.length > longestName || header.normalize('NFKD').length > 2 * longestName
}

const bracketed = /[([{]([^()[\]{}]*)[)\]}]/gu
const forExample = /^[^\p{L}]*(?:e\.?\s?g\.?|ex\.?|z\.?\s?b\.?|p\.?\s?ej\.?)/iu

/** `(+33 6 12 34 56 78)`, `(e.g. +33…)`: what a number is to look like. */
function isExample(text: string): boolean {
  const number = text.replace(forExample, '')
  return !/\p{L}/u.test(number) && /\+|\d{4}/.test(number)
}

/** Without emoji, asterisks and colons, and without the phrases that forms write behind a name. */
function withoutDecorations(header: string): string {
  const plain = header.replace(pictures, ' ').replace(/[*:：＊]+/gu, ' ')
  const unbracketed = plain.replace(bracketed, (whole, inner: string) =>
    decorations.has(splitWords(inner).join(' ')) || isExample(inner) ? ' ' : whole,
  )
  const words = splitWords(unbracketed).join(' ')
  const phrase = phrases.find((some) => ` ${words} `.includes(` ${some} `))
  return phrase === undefined ? unbracketed.trim() : ` ${words} `.replace(` ${phrase} `, ' ').trim()
}

/** The words of a name, without case, accents and what stands between them. */
export function splitWords(text: string): string[] {
  return fold(text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
    .replace(/(?<!\p{L})(e|whats)[\s_.-]?(mail|app|posta)(?!\p{L})/gu, '$1$2')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '')
}

/** Matches each of some words; `*` in one of them stands for any letters. */
export function wordPattern(words: readonly string[]): RegExp {
  const forms = words.map((word) => RegExp.escape(fold(word)).replaceAll('\\*', '.*'))
  return new RegExp(`^(?:${forms.join('|')})$`, 'u')
}

/** Signs that make another thing of a name: `Phone?`, `% email`. */
const otherThings = /[?%=$&+<>|@!¿;\t]|^\s*#/u
/** `No contact` is no `Contact No.`. */
const refusal = /^\s*no\s/iu

function fieldOfWords(header: string): KnownName | undefined {
  if (otherThings.test(header) || refusal.test(header)) return undefined
  const words = new Set(splitWords(header).filter((word) => !stopWords.has(word)))
  if (words.size === 0 || words.size > mostWords) return undefined
  const known = byWords.get([...words].toSorted().join(' '))
  if (known !== undefined) return known
  let found: KnownName | undefined
  for (const { field, isFallback, parts } of partNames) {
    if (parts.length >= words.size || !parts.every((part) => words.has(part))) continue
    const rest = [...words].filter((word) => !parts.includes(word))
    if (!isFallback && rest.every((word) => sameWith[field]?.has(word)))
      return { field, isListed: false, isFallback: false }
    const isLike = rest.every((word) => sameWith[field]?.has(word) || likeWith[field]?.has(word))
    if (isLike) found ??= { field, isListed: false, isFallback: true }
  }
  return found
}

const stopWords = new Set(names.stopWords.flat().map(fold))
const decorations = new Set(names.decorations.flat().map((phrase) => splitWords(phrase).join(' ')))
const phrases = [...decorations].filter((phrase) => phrase.includes(' ')).toSorted((a, b) => b.length - a.length)
const nameAlone = new Set(Object.values(names.nameAlone).flat().map(normalizeName))

type Company = { readonly names: readonly string[]; readonly beside: readonly string[] }

function normalized<Rule extends Company>(rule: Rule): Rule {
  return { ...rule, names: rule.names.map(normalizeName), beside: rule.beside.map(normalizeName) }
}

const onlyBeside = names.onlyBeside.map((rule) => ({ ...normalized(rule), field: rule.field as ContactField }))
const notBeside = names.notBeside.map(normalized)

const sameWith = wordsByField(names.sameWith)
const likeWith = wordsByField(names.likeWith)

function wordsByField(lists: Readonly<Record<string, readonly (string | readonly string[])[]>>) {
  const entries = Object.entries(lists).map(([field, words]) => [field, new Set(words.flat().map(fold))])
  return Object.fromEntries(entries) as Partial<Record<ContactField, ReadonlySet<string>>>
}

const allNames: readonly (Omit<KnownName, 'isListed'> & { readonly name: string })[] = [
  ...listed(names.names, false),
  ...listed({ name: names.nameAlone }, false),
  ...listed(names.namesIfNoOther, true),
]

function listed(byField: NamesByField, isFallback: boolean) {
  return Object.entries(byField).flatMap(([field, bySource]) =>
    Object.values(bySource)
      .flat()
      .map((name) => ({ name, field: field as ContactField, isFallback })),
  )
}

const byLetters: ReadonlyMap<string, KnownName> = new Map(
  allNames
    .toReversed()
    .map(({ name, field, isFallback }) => [normalizeName(name), { field, isListed: true, isFallback }]),
)
const withParts = allNames.map(({ name, field, isFallback }) => {
  const parts = [...new Set(splitWords(name).filter((word) => !stopWords.has(word)))].toSorted()
  return { field, isFallback, parts }
})
const byWords: ReadonlyMap<string, KnownName> = new Map(
  withParts
    .toReversed()
    .map(({ field, isFallback, parts }) => [parts.join(' '), { field, isListed: false, isFallback }]),
)
/** Names that may have words beside them. */
const partNames = withParts.filter(({ field }) => reachesPeople(field))
