import { afterEach, expect, test, vi } from 'vitest'
import { Mistakes } from '../../src/config/mistakes.ts'
import { readDocument } from '../../src/config/read-document.ts'

function read(text: string) {
  const mistakes = new Mistakes()
  const document = readDocument(text, mistakes)
  return { document, mistakes: mistakes.list().map(({ place, message }) => `${place} ${message}`) }
}

afterEach(() => {
  vi.restoreAllMocks()
})

test.each([
  ['YAML', 'a: 1\nb: [x, "y"]', { a: 1, b: ['x', 'y'] }],
  ['JSON', '{"a": 1, "b": ["x", "y"]}', { a: 1, b: ['x', 'y'] }],
  ['JSON with tabs', '{\n\t"a": [\n\t\t1\n\t]\n}', { a: [1] }],
  ['a byte order mark', '\uFEFFa: 1', { a: 1 }],
  ['CRLF', 'a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
  [
    'words of YAML 1.1 as text',
    'a: yes\nb: 2027-01-01T00:00:00Z\nc: 0o10',
    { a: 'yes', b: '2027-01-01T00:00:00Z', c: 8 },
  ],
  ['keys as text', '1: x\ntrue: y', { 1: 'x', true: 'y' }],
  ['an alias', 'a: &n [1]\nb: *n', { a: [1], b: [1] }],
  ['nothing', '# only this', null],
])('reads %s', (_name, text, document) => {
  expect(read(text)).toEqual({ document, mistakes: [] })
})

test('does not merge by <<, and keeps __proto__ as a key like any other', () => {
  const { document } = read('<<: {a: 1}\n__proto__: {b: 2}')
  expect(Object.keys(document as object)).toEqual(['<<', '__proto__'])
})

test.each([
  ['a duplicate key', 'a: 1\nb: 2\na: s3cr3t', 'line 3, column 1 has a key that stands there already'],
  [
    'a duplicate key in JSON',
    '{"a": {"b": 1, "b": "s3cr3t"}}',
    'line 1, column 16 has a key that stands there already',
  ],
  ['an alias without an anchor', 'a: *s3cr3t', 'line 1, column 4 has an alias without an anchor before it'],
  ['an alias to itself', 'a: &s3cr3t [*s3cr3t]', 'line 1, column 13 has an alias that leads back to itself'],
  ['an unknown tag', 'a: !s3cr3t x', 'line 1, column 4 has a tag that is not known'],
  ['a tag that makes no JSON', 'a: !!binary czNjcjN0', 'line 1, column 4 has a tag that is not known'],
  ['a reference without quotes', 'a: {{s3cr3t}}', 'line 1, column 5 has a key that is no text'],
  ['two documents', 'a: 1\n---\ns3cr3t: 2', 'line 2, column 1 begins a second document'],
  ['another version', '%YAML 1.1\n---\na: s3cr3t', 'line 1, column 1 asks for another YAML version'],
  ['a reserved character', 'a: @s3cr3t', 'line 1, column 4 has a text that begins with a reserved character'],
  ['a wrong escape', 'a: "s3cr3t\\q"', 'line 1, column 11 has a backslash that is no escape'],
  ['an open bracket', 'a: [s3cr3t', 'line 1, column 11 is no valid YAML'],
  ['text behind JSON', '{"a": 1} s3cr3t', 'line 1, column 10 is no valid YAML'],
])('refuses %s, at its place, quoting nothing', (_name, text, mistake) => {
  const warned = vi.spyOn(process, 'emitWarning')
  const { document, mistakes } = read(text)
  expect(document).toBeUndefined()
  expect(mistakes).toEqual([expect.stringContaining(mistake)])
  expect(JSON.stringify(mistakes)).not.toContain('s3cr3t')
  expect(warned).not.toHaveBeenCalled()
})

test('reports mistakes of several lines at once', () => {
  expect(read('a: 1\na: 2\nb: 3\nb: 4').mistakes).toHaveLength(2)
})

test('refuses a document that aliases would blow up', () => {
  const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`)
  const { document, mistakes } = read(['l0: &l0 [x]', ...levels].join('\n'))
  expect(document).toBeUndefined()
  expect(mistakes).toEqual([expect.stringContaining('(file) cannot be read')])
})

test.each([100, 1_000, 3_000, 100_000])('survives %i brackets', (depth) => {
  const { document, mistakes } = read('['.repeat(depth) + ']'.repeat(depth))
  expect(document === undefined).toBe(mistakes.length > 0)
  expect(mistakes.length).toBeLessThan(3)
})
