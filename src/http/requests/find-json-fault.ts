import { deepest } from './measure-json.ts'

/** Where a text stops being JSON, and what is wrong there if it is one of the usual slips. */
export type JsonFault = { readonly line: number; readonly column: number; readonly slip: string }

const literal = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
/** A text holds no control characters (RFC 8259 7). */
const text = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const blanks = /[ \t\r\n]*/y
/** The part of a text that is well-formed. */
const textSoFar = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/uy

/** For a text that `JSON.parse` has refused: its message does not always tell the place. */
export function findJsonFault(json: string): JsonFault {
  let at = 0
  const skip = (form: RegExp) => {
    form.lastIndex = at
    const isThere = form.test(json)
    if (isThere) at = form.lastIndex
    return isThere
  }
  const takes = (sign: string) => {
    skip(blanks)
    if (json[at] !== sign) return false
    at++
    return true
  }
  const readText = () => {
    if (skip(text)) return true
    skip(textSoFar)
    return false
  }
  /** Reads what stands between commas up to a closing sign. */
  const readItems = (closing: string, readItem: () => boolean): boolean => {
    if (takes(closing)) return true
    do if (!readItem()) return false
    while (takes(','))
    return takes(closing)
  }
  const read = (depth: number): boolean => {
    skip(blanks)
    if (depth > deepest) return false
    if (takes('[')) return readItems(']', () => read(depth + 1))
    if (takes('{'))
      return readItems('}', () => {
        skip(blanks)
        return readText() && takes(':') && read(depth + 1)
      })
    return readText() || skip(literal)
  }
  if (read(0)) skip(blanks)
  return placeOf(json, at)
}

function placeOf(json: string, at: number): JsonFault {
  const before = json.slice(0, at)
  const line = before.split('\n').length
  return { line, column: at - before.lastIndexOf('\n'), slip: slipAt(json, at, before) }
}

function slipAt(json: string, at: number, before: string): string {
  const sign = json[at]
  if (sign === undefined) return ' It ends there: something is missing at the end.'
  if (sign === "'") return ' Texts and names stand in double quotes.'
  if ('“”„‘’«»'.includes(sign)) return ' These quotes are not the plain ones: ".'
  if ((sign === '}' || sign === ']') && /,\s*$/.test(before)) return ' There is a comma behind the last item.'
  if (sign === '/' || sign === '#') return ' JSON has no comments.'
  if (sign === '\n' || sign === '\r' || sign === '\t')
    return ' A line break or tab inside a text is written \\n or \\t.'
  if (sign === '\\') return ' A backslash in a text is written \\\\.'
  if (/[{,]\s*$/.test(before) && /[A-Za-z_$]/.test(sign)) return ' Texts and names stand in double quotes.'
  if (/["}\]\w]\s*$/.test(before) && /["{[]/.test(sign)) return ' A comma or a colon seems to be missing before it.'
  return ''
}
