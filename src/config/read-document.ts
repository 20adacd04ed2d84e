import { type Document, LineCounter, parseDocument, visit } from 'yaml'
import type { Mistakes } from './mistakes.ts'

const maxAliases = 100
/** A parser loses its footing after a mistake: what it says later, or of the same line, is seldom true. */
const maxSyntaxMistakes = 10

/**
 * Reads the text of a configuration file: YAML 1.2, of which JSON is a part. Duplicate keys, unknown tags, keys that are
 * no text, several documents, aliases that lead nowhere, in a circle or to a bomb are mistakes, at their lines.
 * `undefined` when there were any. The parser's own messages are not used: they quote the file.
 */
export function readDocument(text: string, mistakes: Mistakes): unknown {
  const before = mistakes.count
  try {
    const document = parse(text, mistakes)
    return mistakes.count === before ? document.toJS({ maxAliasCount: maxAliases }) : undefined
  } catch {
    // Too many copies by aliases, or more depth than the stack holds.
    mistakes.add([], 'cannot be read: it is nested too deeply, or its aliases stand for too much')
    return undefined
  }
}

type Note = (offset: number, message: string) => void

function parse(text: string, mistakes: Mistakes): Document.Parsed {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    version: '1.2',
    lineCounter: lines,
    prettyErrors: false,
    // Its warnings would print keys to the console.
    logLevel: 'error',
    uniqueKeys: true,
    stringKeys: true,
    resolveKnownTags: false,
  })
  const before = mistakes.count
  const notedLines = new Set<number>()
  const note: Note = (offset, message) => {
    const { line, col } = lines.linePos(offset)
    if (notedLines.has(line) || notedLines.size >= maxSyntaxMistakes) return
    notedLines.add(line)
    mistakes.add(`line ${line}, column ${col}`, message)
  }
  for (const { code, pos } of [...document.errors, ...document.warnings]) note(pos[0], syntaxMessage(code))
  const { explicit, version } = document.directives.yaml
  if (explicit === true && version !== '1.2') note(0, 'asks for another YAML version than 1.2')
  if (mistakes.count === before) checkAliases(document, note)
  return document
}

function checkAliases(document: Document.Parsed, note: Note): void {
  visit(document, {
    Alias(_key, alias, ancestors) {
      const target = alias.resolve(document)
      const offset = alias.range?.[0] ?? 0
      if (target === undefined) {
        note(offset, 'has an alias without an anchor before it; put a text that begins with * in quotes')
      } else if (ancestors.some((ancestor) => ancestor === target)) {
        note(offset, 'has an alias that leads back to itself')
      }
    },
  })
}

function syntaxMessage(code: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'has a key that stands there already'
    case 'TAG_RESOLVE_FAILED':
      return 'has a tag that is not known; put a text that begins with ! in quotes'
    case 'NON_STRING_KEY':
      return `has a key that is no text; put a reference in quotes: "\${NAME}"`
    case 'MULTIPLE_DOCS':
      return 'begins a second document; the file must be one'
    case 'BAD_SCALAR_START':
      return 'has a text that begins with a reserved character; put it in quotes'
    case 'TAB_AS_INDENT':
      return 'is indented with a tab; use spaces'
    case 'BAD_DQ_ESCAPE':
      return 'has a backslash that is no escape; use single quotes'
    case 'RESOURCE_EXHAUSTION':
      return 'is nested too deeply'
    default:
      return `is no valid YAML (${code})`
  }
}
