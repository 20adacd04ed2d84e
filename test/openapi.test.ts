import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { openapiDocument } from '../src/cli/openapi-document.ts'
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

test('the committed document is current', () => {
  expect(read('../openapi/openapi.json') === text, 'run npm run openapi and commit the file').toBe(true)
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
    expect(Object.keys(document.components.schemas.Problem.properties.code.enum)).toHaveLength(
      Object.keys(problemKinds).length,
    )
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
      'patch /contacts/{contactId}',
      'post /contacts',
      'post /lists/{listId}/contacts',
      'post /lists/{listId}/imports',
    ])
  })

  test('operations without a key are the service ones alone', () => {
    const open = operations().filter(([, { security }]) => security?.length === 0)
    expect(open.map(([name]) => name).sort()).toEqual(['get /healthz', 'get /problems/{slug}', 'get /readyz'])
  })
})
