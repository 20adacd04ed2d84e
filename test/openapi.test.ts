import { readFileSync } from 'node:fs'
import { Value } from 'typebox/value'
import { beforeAll, describe, expect, test } from 'vitest'
import { openapiDocument, openapiDocument30 } from '../src/cli/openapi-document.ts'
import { callerEventTypes } from '../src/domain/caller-event.ts'
import { ProblemSchema } from '../src/http/problems/problem-schema.ts'
import { problemKinds } from '../src/http/problems/problems.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const { version } = JSON.parse(read('../package.json')) as { version: string }
let text: string
// biome-ignore lint/suspicious/noExplicitAny: a document is looked into
let document: any
beforeAll(async () => {
  text = await openapiDocument({ version, revision: 'none' })
  document = JSON.parse(text)
})

// biome-ignore lint/suspicious/noExplicitAny: a document is looked into
type Anything = any

const operations = (): [string, Anything][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as object).map(([method, operation]): [string, Anything] => [
      `${method} ${path}`,
      operation,
    ]),
  )

/** Every schema below a value, with the way that leads to it. */
function* schemasBelow(value: Anything, way: string): Generator<[string, Anything]> {
  if (typeof value !== 'object' || value === null) return
  if (value.properties !== undefined) yield [way, value]
  for (const [name, member] of Object.entries(value)) yield* schemasBelow(member, `${way}/${name}`)
}

test('the committed documents are current', () => {
  const mend = 'run npm run openapi and commit the files'
  expect(read('../openapi/openapi.json') === text, mend).toBe(true)
  expect(read('../openapi/openapi-3.0.json') === openapiDocument30(text), mend).toBe(true)
})

describe('in the document', () => {
  test('every operation has an id of its own, a summary, a description and a tag', () => {
    const ids = operations().map(([, { operationId }]) => operationId)
    expect(ids.length).toBeGreaterThan(5)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [name, operation] of operations()) {
      expect(operation, name).toMatchObject({
        operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/),
        summary: expect.any(String),
        description: expect.any(String),
      })
      expect(operation.tags, name).toHaveLength(1)
    }
  })

  test('every property has a description', () => {
    const bare = [...schemasBelow(document, '#')].flatMap(([way, { properties }]) =>
      Object.entries(properties as Record<string, Anything>)
        .filter(([, schema]) => schema.description === undefined && schema.$ref === undefined)
        .map(([name]) => `${way}/${name}`),
    )
    expect(bare).toEqual([])
  })

  test('every parameter and every answer has a description, and every problem of the gateway stands somewhere', () => {
    for (const [name, { parameters = [], responses }] of operations()) {
      for (const parameter of parameters)
        expect(parameter.description ?? parameter.schema.description, `${name} ${parameter.name}`).toBeDefined()
      for (const [status, answer] of Object.entries<Anything>(responses))
        expect(answer.description, `${name} ${status}`).toMatch(/\w/)
    }
    expect(Object.keys(document.components.schemas.ProblemCode.enum)).toHaveLength(Object.keys(problemKinds).length)
  })

  test('every event stands under webhooks, with an example that is one', () => {
    expect(Object.keys(document.webhooks)).toEqual([...callerEventTypes])
    const resolve = (value: Anything): Anything => {
      if (typeof value !== 'object' || value === null) return value
      if (Array.isArray(value)) return value.map(resolve)
      const name = /^#\/components\/schemas\/(.+)$/.exec(value.$ref ?? '')?.[1]
      if (name !== undefined) return resolve(document.components.schemas[name])
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolve(member)]))
    }
    for (const [type, { post }] of Object.entries<Anything>(document.webhooks)) {
      const { schema, example } = post.requestBody.content['application/json']
      expect(example.type).toBe(type)
      expect([...Value.Errors(resolve(schema), example)], type).toEqual([])
      expect(post.parameters.map(({ name }: Anything) => name)).toEqual([
        'webhook-id',
        'webhook-timestamp',
        'webhook-signature',
      ])
    }
    expect(JSON.parse(openapiDocument30(text)).webhooks).toBeUndefined()
  })

  test('an operation takes an Idempotency-Key if and only if it tells what can be wrong with one', () => {
    const names = (operation: Anything) => (operation.parameters ?? []).map(({ name }: Anything) => name)
    const keyed = operations().filter(([, operation]) => names(operation).includes('Idempotency-Key'))
    const warned = operations().filter(([, { responses }]) =>
      responses['400']?.description.includes('`idempotency-key-invalid`'),
    )
    expect(keyed.map(([name]) => name)).toEqual(warned.map(([name]) => name))
    expect(keyed.map(([name]) => name).sort()).toEqual([
      'delete /contacts/{contactId}',
      'delete /lists/{listId}/contacts/{contactId}',
      'delete /suppressions/{suppressionId}',
      'patch /contacts/{contactId}',
      'post /contacts',
      'post /erasures',
      'post /lists/{listId}/contacts',
      'post /lists/{listId}/imports',
      'post /suppressions',
    ])
  })

  test('operations without a key are the service ones and those of providers alone', () => {
    const open = operations().filter(([, { security }]) => security?.length === 0)
    expect(open.map(([name]) => name).sort()).toEqual([
      'get /callbacks/{account}/{token}',
      'get /healthz',
      'get /problems/{slug}',
      'get /readyz',
      'post /callbacks/{account}/{token}',
    ])
  })

  test('an answer without content has none, every time and id of an import has its format, and nothing is of any type', () => {
    for (const [name, { responses }] of operations()) expect(responses['204']?.content, name).toBeUndefined()
    const { Import, StoredContact } = document.components.schemas
    expect(Import.properties.id.format).toBe('uuid')
    for (const time of ['createdAt', 'startedAt', 'finishedAt'])
      expect(Import.properties[time].format).toBe('date-time')
    expect(Import.properties.options.$ref).toBe('#/components/schemas/ImportOptions')
    expect(StoredContact.properties.attributes.additionalProperties.$ref).toBe('#/components/schemas/JsonValue')
    const shapeless = [...schemasBelow(document, '#')].flatMap(([way, { properties }]) =>
      Object.entries(properties as Record<string, Anything>)
        .filter(([, { type, $ref, anyOf, properties: members }]) => (type ?? $ref ?? anyOf ?? members) === undefined)
        .map(([name]) => `${way}/${name}`),
    )
    expect(shapeless).toEqual([])
    expect(text).not.toContain('1048576')
  })

  test('every body and every answer has an example, a problem one of each kind that it can be, and the server is an address', () => {
    const bare: string[] = []
    for (const [name, { requestBody, responses }] of operations())
      for (const [status, { content = {}, description }] of Object.entries<Anything>({
        body: requestBody ?? {},
        ...responses,
      }))
        for (const [type, { example, examples }] of Object.entries<Anything>(content)) {
          if (type === 'application/problem+json')
            expect(Object.keys(examples), name).toEqual([...description.matchAll(/`(.+?)`/g)].map(([, kind]) => kind))
          else if (example === undefined) bare.push(`${name} ${status}`)
        }
    expect(bare).toEqual([])
    for (const [kind, { value }] of Object.entries<Anything>(document.components.examples)) {
      expect(Value.Check(ProblemSchema, value), kind).toBe(true)
      expect(value.code).toBe(kind)
    }
    expect(document.servers).toMatchObject([{ url: 'http://127.0.0.1:8080' }])
  })

  test('the one of 3.0 has no keyword that 3.0 does not know', () => {
    const older = openapiDocument30(text)
    expect(JSON.parse(older).openapi).toBe('3.0.3')
    for (const keyword of ['"type": "null"', '"const":', '"identifier":', '"examples": ['])
      expect(older).not.toContain(keyword)
  })
})
