import { readFileSync } from 'node:fs'
import type { Random } from '../../test/support/random.ts'

/** A request that an HTTP client can send; its body may be anything. */
export type FuzzedRequest = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
}

type Schema = {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
}
type Parameter = { readonly name: string; readonly in: string; readonly schema: Schema; readonly example?: unknown }
type Content = Readonly<Record<string, { readonly schema: Schema }>>
type Operation = {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
}
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const document = JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8')) as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
)
const writes = operations.filter(({ operation }) => operation.requestBody !== undefined)

/** Values that a contact may well have, so that a good part of the requests reaches the providers. */
const goodTexts = {
  name: ['Jane Smith', 'Ravi Kumar', 'Zoë', '李小龍', 'O’Neil', 'عمر'],
  firstName: ['Jane', 'Ravi'],
  lastName: ['Smith', 'Kumar'],
  email: ['jane@example.com', 'ravi.kumar+news@example.co.in', 'x@y.example'],
  phone: ['+919876543210', '+33612345678', '00 91 98765 43211', '+1 (415) 555-2671'],
  whatsapp: ['+919876543210', '+33612345678'],
  defaultCountry: ['IN', 'FR'],
  account: ['oblic-main', 'octopush-fr', 'vobiz-in'],
  listId: ['newsletter', 'sms', 'whatsapp', 'mail'],
  contactId: ['octopush-fr:+33612345678', 'vobiz-in:00000000-0000-4000-8000-000000000000', 'oblic-main:x'],
  importId: ['00000000-0000-4000-8000-000000000000'],
  slug: ['not-found', 'internal'],
  onConflict: ['update', 'skip'],
  tags: ['vip', 'news', 'a'.repeat(20)],
  delimiter: [',', ';', '\t', '|'],
  'Idempotency-Key': ['fuzz-key-0000000001', '"fuzz-key-0000000002"'],
  Prefer: ['wait=1', 'handling=strict', 'return=minimal', 'respond-async', 'wait=0'],
} as const satisfies Record<string, readonly string[]>

const oddTexts = [
  '',
  ' ',
  '\0',
  'null',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '%00%0d%0a',
  '\r\nX-Evil: 1',
  '{{7*7}}',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '=HYPERLINK("http://x")',
  '\u202egnp.exe',
  '\ud800',
  '🦄'.repeat(100),
  'é'.repeat(300),
  'a'.repeat(5_000),
  '9.19877E+11',
  '+0',
  '+999999999999999999',
  'jane@invalid.example',
  '@',
  'a@b',
  `${'a'.repeat(300)}@example.com`,
  '2026-01-01T00:00:00Z',
  '00000000-0000-4000-8000-000000000000',
]
const oddValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  919876543210,
  [],
  {},
  [[[[[]]]]],
  { a: { b: { c: {} } } },
  Array(200).fill(1),
]

/** The next request of a schema-driven fuzzer: good, nearly good, or bad in one of many ways, as chance has it. */
export function fuzzedRequest(random: Random): FuzzedRequest {
  const { path, method, operation } = random.pick(random.chance(0.5) ? writes : operations)
  const wildness = random.pick([0, 0, 0.03, 0.1, 0.4])
  const parameters = operation.parameters ?? []
  const query = new URLSearchParams()
  const headers: Record<string, string> = {}
  let target = path
  for (const { name, in: where, schema } of parameters) {
    if (where === 'path')
      target = target.replace(`{${name}}`, encodeURIComponent(wellFormed(textOf(random, name, schema, wildness))))
    else if (random.chance(0.5)) {
      const value = textOf(random, name, schema, wildness)
      if (where === 'query') query.append(name, wellFormed(value))
      else if (where === 'header') headers[name.toLowerCase()] = headerText(value)
    }
  }
  if (random.chance(wildness)) query.append(random.pick(oddTexts.map(wellFormed)), wellFormed(random.pick(oddTexts)))
  if (random.chance(wildness / 2))
    target = random.pick([`${target}/`, `/${target}`, `${target}/..`, `${target}%2f`, `${target}%zz`, '/nothing'])
  const search = query.size > 0 ? `?${query}` : ''
  const odd = random.chance(wildness / 2)
  const body = bodyOf(random, operation.requestBody?.content, wildness, headers)
  return {
    method: odd ? random.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']) : method,
    path: (target + search).replace(/[^!-~]/g, (sign) => encodeURIComponent(sign)),
    headers,
    body,
  }
}

function bodyOf(
  random: Random,
  content: Content | undefined,
  wildness: number,
  headers: Record<string, string>,
): Buffer | undefined {
  const [type, media] = Object.entries(content ?? {})[0] ?? []
  if (type === undefined || media === undefined) return undefined
  if (type === 'multipart/form-data') return formOf(random, media.schema, wildness, headers)
  headers['content-type'] = random.chance(wildness / 2)
    ? random.pick([
        'text/plain',
        'application/json;charset=utf-16',
        'application/json\t;a',
        'application/xml',
        'multipart/form-data',
      ])
    : 'application/json'
  const bytes = Buffer.from(JSON.stringify(generate(random, '', media.schema, wildness, 0)) ?? '')
  return random.chance(wildness) ? damaged(random, bytes) : bytes
}

const boundary = 'fuzz-boundary'

function formOf(random: Random, schema: Schema, wildness: number, headers: Record<string, string>): Buffer {
  headers['content-type'] = `multipart/form-data; boundary=${random.chance(wildness / 3) ? 'another' : boundary}`
  const cell = () => (random.chance(wildness) ? random.pick(oddTexts) : random.pick(goodTexts.name))
  const rows = Array.from({ length: random.int(5) }, () => {
    const email = random.chance(wildness) ? random.pick(oddTexts) : random.pick(goodTexts.email)
    return [cell(), email, random.pick(goodTexts.phone)].join(random.chance(wildness) ? '"' : ',')
  })
  const options = resolve(schema).properties?.options
  const parts = [
    ['file', '; filename="people.csv"', ['name,email,phone', ...rows].join(random.pick(['\n', '\r\n']))],
    ...(options !== undefined && random.chance(0.4)
      ? [['options', '', JSON.stringify(generate(random, 'options', options, wildness, 0))]]
      : []),
  ].map(
    ([name, file, text]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${text}\r\n`,
  )
  const bytes = Buffer.from(`${random.shuffle(parts).join('')}--${boundary}--\r\n`)
  return random.chance(wildness) ? damaged(random, bytes) : bytes
}

/** Cut, with flipped, doubled or foreign bytes. */
export function damaged(random: Random, bytes: Buffer): Buffer {
  const at = random.int(bytes.length + 1)
  const to = Math.min(bytes.length, at + 1 + random.int(20))
  switch (random.int(5)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([random.int(256), 0xff, 0]), bytes.subarray(at)])
    case 2:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)])
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)])
    default: {
      const copy = Buffer.from(bytes)
      for (let flips = 1 + random.int(8); flips > 0 && copy.length > 0; flips--)
        copy[random.int(copy.length)] = random.int(256)
      return copy
    }
  }
}

const resolve = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : (document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {})

function generate(random: Random, name: string, given: Schema, wildness: number, depth: number): unknown {
  if (random.chance(wildness / 4)) return random.chance(0.5) ? random.pick(oddValues) : random.pick(oddTexts)
  const schema = resolve(given)
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (choices !== undefined && choices.length > 0) return generate(random, name, random.pick(choices), wildness, depth)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return random.pick(schema.enum)
  switch (schema.type) {
    case 'object':
      return objectOf(random, schema, wildness, depth)
    case 'array':
      return Array.from({ length: depth > 4 ? 0 : 1 + random.int(4) }, () =>
        generate(random, name, schema.items ?? {}, wildness, depth + 1),
      )
    case 'integer':
    case 'number':
      return (schema.minimum ?? 0) + random.int(Math.min((schema.maximum ?? 100) - (schema.minimum ?? 0), 1_000) + 1)
    case 'boolean':
      return random.chance(0.5)
    case 'null':
      return null
    default:
      return textOf(random, name, schema, wildness)
  }
}

function objectOf(random: Random, schema: Schema, wildness: number, depth: number): unknown {
  const members = Object.entries(schema.properties ?? {})
    .filter(([name]) => name in goodTexts || schema.required?.includes(name) || random.chance(0.3))
    .filter(([name]) => schema.required?.includes(name) || random.chance(0.7))
    .map(([name, member]): [string, unknown] => [name, generate(random, name, member, wildness, depth + 1)])
  const [free] = Object.values(schema.patternProperties ?? {})
  if (free !== undefined && random.chance(0.5)) members.push(['city', generate(random, '', free, wildness, depth + 1)])
  if (random.chance(wildness / 2)) members.push([random.pick(oddTexts), random.pick(oddValues)])
  return Object.fromEntries(members)
}

function textOf(random: Random, name: string, schema: Schema, wildness: number): string {
  if (random.chance(wildness)) return random.pick(oddTexts)
  const good = (goodTexts as Readonly<Record<string, readonly string[]>>)[name]
  if (good !== undefined) return random.pick(good)
  const { type, minimum = 1, enum: allowed } = resolve(schema)
  if (allowed !== undefined) return String(random.pick(allowed))
  if (type === 'integer') return String(minimum + random.int(20))
  return type === 'boolean' ? String(random.chance(0.5)) : `text-${random.int(1_000)}`
}

const wellFormed = (text: string) => text.toWellFormed()
/** What an HTTP client lets through; the rest is for the raw sockets. */
const headerText = (text: string) => text.replace(/[^\t -~\x80-\xff]/g, '?').slice(0, 2_000)
