import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkConfig } from '../../src/config/check-config.ts'
import { configurationSchema } from '../../src/config/configuration-schema.ts'
import { adapters, mistakesOf, planted, validDocument } from './documents.ts'

const root = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const allows = (document: unknown, schema = configurationSchema()) => Value.Check(schema as TSchema, document)

test('docker/gateway.schema.json is what `contact-gateway config schema` prints', () => {
  expect(JSON.parse(read('docker/gateway.schema.json'))).toEqual(configurationSchema())
})

test.each(['docker/gateway.example.yaml', 'docker/compose.gateway.yaml'])(
  '%s names the schema in its first line, and fits it',
  (file) => {
    expect(read(file).split('\n')[0]).toBe('# yaml-language-server: $schema=gateway.schema.json')
    expect(allows(parse(read(file)))).toBe(true)
  },
)

test("the README's configuration fits it", () => {
  const [, yaml = ''] =
    /```yaml\n(# yaml-language-server: \$schema=docker\/gateway\.schema\.json\n[\s\S]*?)```/.exec(read('README.md')) ??
    []
  const document = parse(yaml)
  document.clients.crm.keys[0].hash = `sha256:${'0'.repeat(64)}`
  expect(allows(document)).toBe(true)
})

test('holds nothing but words of JSON Schema', () => {
  const text = JSON.stringify(configurationSchema())
  for (const word of ['expects', 'readApart', 'secretKeys', '~kind', '~optional'])
    expect(text).not.toContain(`"${word}"`)
})

type Change = (document: ReturnType<typeof validDocument>) => unknown

const wrong: readonly (readonly [string, Change])[] = [
  ['an unknown section', (document) => ({ ...document, extra: {} })],
  ['an unknown key of an account', (document) => plant(document, ['accounts', 'apple-main', 'timeout'], 5)],
  ['an unknown provider', (document) => plant(document, ['accounts', 'apple-main', 'provider'], 'plum')],
  ['a number that is too large', (document) => plant(document, ['accounts', 'apple-main', 'retries'], 50)],
  ['a setting that does not exist', (document) => plant(document, ['accounts', 'apple-main', 'flag'], 'blue')],
  ['an account without credentials', (document) => plant(document, ['accounts', 'apple-main', 'credentials'], {})],
  ['an id in capitals', (document) => plant(document, ['accounts', 'APPLE'], {})],
  ['an unknown scope', (document) => plant(document, ['clients', 'crm', 'scopes'], ['everything'])],
  ['no networks', (document) => plant(document, ['clients', 'crm', 'networks'], [])],
  ['a size that is none', (document) => plant(document, ['limits'], { jsonBytes: '2 apples' })],
]

describe('what an editor is told is what the gateway says', () => {
  const schema = configurationSchema(adapters.values())

  test('of a whole document', () => {
    expect(allows(validDocument(), schema)).toBe(true)
    expect('config' in checkConfig(validDocument(), planted, { adapters })).toBe(true)
  })

  test.each(wrong)('of %s', (_title, change) => {
    const document = change(validDocument())
    expect(allows(document, schema)).toBe(false)
    expect(mistakesOf(document as never).length).toBeGreaterThan(0)
  })

  test('a text of a certain form may be a reference to a variable', () => {
    const reference = '$' + '{FLAG}'
    const document = plant(validDocument(), ['accounts', 'apple-main', 'flag'], reference)
    expect(allows(document, schema)).toBe(true)
    expect('config' in checkConfig(document, { ...planted, FLAG: 'green' }, { adapters })).toBe(true)
  })
})

/** A copy with another value at this place. */
function plant(document: unknown, path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(document)
  let place = copy as Record<string, unknown>
  for (const step of path.slice(0, -1)) {
    place[step] ??= {}
    place = place[step] as Record<string, unknown>
  }
  place[path.at(-1) as string] = value
  return copy
}
