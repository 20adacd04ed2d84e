import { usualPlaceholders } from './cell-rules.ts'

/** The tags of a cell, and the groups in it that are none. */
export type TagsCell = { readonly tags: readonly string[]; readonly groups: readonly string[] }

/** Groups that Google puts every contact in. It marks its own groups with an asterisk. */
const everyonesGroups: ReadonlySet<string> = new Set(['mycontacts', 'my contacts'])
const googleMark = '* '
const none: readonly never[] = []

/** What the parts of a cell look like, each with what ends it; they may stand in quotes, as in a record of CSV. */
type Separator = { readonly quoted: RegExp; readonly bare: RegExp }

const separators = [separator(' ::: '), separator(','), separator(';', '|')]

/**
 * The tags of a cell: those of a JSON array of texts; else split at ` ::: ` (Google), at commas, or where there is none at
 * `;` and `|`; with `declared` there alone. A tag with such a sign in it stands in quotes, as in CSV.
 */
export function readTags(cell: string, declared?: string): TagsCell {
  if (declared !== undefined)
    return asTags((cell.includes('"') ? split(cell, separator(declared)) : undefined) ?? cell.split(declared))
  const listed = cell.startsWith('[') ? readArray(cell) : undefined
  if (listed !== undefined) return { tags: listed.flatMap((tag) => tag.trim() || []), groups: none }
  if (cell.includes('"')) return asTags(splitQuoted(cell))
  if (cell.includes(' ::: ')) return asTags(cell.split(' ::: '))
  if (cell.includes(',')) return asTags(cell.split(','))
  return asTags(cell.includes(';') || cell.includes('|') ? cell.split(/[;|]/) : [cell])
}

/** Tags as a cell that `readTags` reads as just these. */
export function writeTags(tags: readonly string[]): string {
  return tags.map((tag) => (isPlain(tag) ? tag : `"${tag.replaceAll('"', '""')}"`)).join(',')
}

const needsQuotes = /[",;|]|:::|^[[*]|^\s|\s$/

/** A tag that looks like a cell without a value is not plain either. */
function isPlain(tag: string): boolean {
  return !needsQuotes.test(tag) && !usualPlaceholders.includes(tag)
}

/** A part in quotes is a tag whatever it begins with. */
type Part = string | { readonly quoted: string }

function asTags(parts: readonly Part[]): TagsCell {
  const tags: string[] = []
  let groups: string[] | undefined
  for (const part of parts) {
    const tag = typeof part === 'string' ? part.trim() : part.quoted.trim()
    if (tag === '') continue
    if (typeof part !== 'string' || !tag.startsWith(googleMark)) {
      tags.push(tag)
      continue
    }
    const group = tag.slice(googleMark.length).trim()
    if (!everyonesGroups.has(group.toLowerCase())) tags.push(group)
    else {
      groups ??= []
      groups.push(tag)
    }
  }
  return { tags, groups: groups ?? none }
}

function readArray(cell: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(cell)
    return Array.isArray(value) && value.every((tag) => typeof tag === 'string') ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * Split at the first separator with which the cell is well-formed and has more than one part; a stray quote is text.
 */
function splitQuoted(cell: string): readonly Part[] {
  let whole: readonly Part[] | undefined
  for (const some of separators) {
    const parts = split(cell, some)
    if (parts !== undefined && parts.length > 1) return parts
    whole ??= parts
  }
  return whole ?? cell.split(',')
}

/** `undefined` where text follows a closing quote, or a quote stays open. */
function split(cell: string, { quoted, bare }: Separator): readonly Part[] | undefined {
  const parts: Part[] = []
  let solid = 0
  for (let start = 0; ; ) {
    // What stands behind blanks is looked for once: the next parts may all be blank.
    if (solid <= start) solid = endOfBlanks(cell, start)
    const isQuoted = cell[solid] === '"'
    const found = matchAt(isQuoted ? quoted : bare, cell, start)
    if (found === null) return undefined
    const [whole, text = '', end = ''] = found
    parts.push(isQuoted ? { quoted: text.replaceAll('""', '"') } : text)
    if (end === '') return parts
    start += whole.length
  }
}

const blanks = /\s*/y

function endOfBlanks(text: string, start: number): number {
  return start + (matchAt(blanks, text, start)?.[0].length ?? 0)
}

function matchAt(pattern: RegExp, text: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start
  return pattern.exec(text)
}

function separator(...signs: readonly string[]): Separator {
  const end = `(${signs.map((sign) => RegExp.escape(sign)).join('|')}|$)`
  return { quoted: new RegExp(`\\s*"((?:[^"]|"")*)"\\s*${end}`, 'y'), bare: new RegExp(`([^]*?)${end}`, 'y') }
}
