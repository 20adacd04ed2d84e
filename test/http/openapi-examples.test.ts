import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'

/**
 * Every operation, as the sandbox's own document gives it, with its examples and nothing else: what somebody gets who
 * presses "Try it out" and "Execute" in Swagger UI, from top to bottom of this list.
 */
const inOrder = [
  'getMe',
  'getHealth',
  'getReadiness',
  'getProblemPage',
  'getProviders',
  'getAccountsActivity',
  'getLists',
  'getList',
  'addContactsToList',
  'createContact',
  'getContact',
  'listContacts',
  'listContactsOfList',
  'updateContact',
  'removeContactFromList',
  'deleteContact',
  'searchPeople',
  'inspectFile',
  'startImport',
  'getImports',
  'getImport',
  'watchImport',
  'getImportExplanation',
  'getImportErrors',
  'getImportErrorsCsv',
  'cancelImport',
  'deleteImport',
  'addSuppressions',
  'searchSuppressions',
  'listSuppressions',
  'getSuppression',
  'deleteSuppression',
  'listRequests',
  'getRequest',
  // Whom the others are about is gone then.
  'beginErasure',
  'listErasures',
  'getErasure',
  'finishErasureByHand',
  'retryErasure',
  'listDeliveries',
]

/** A provider calls these, with a token that stands in no document (test/http/callbacks.test.ts). */
const calledByProviders = ['receiveCallback', 'receiveCallbackInQuery']
/** The sandbox has nobody to tell of events (test/http/webhooks.test.ts). */
const ofEndpoints = ['retryDelivery']

// biome-ignore lint/suspicious/noExplicitAny: a document is looked into
type Anything = any
type Described = { readonly method: string; readonly path: string; readonly operation: Anything }

let sandbox: GatewayProcess
let key: string
let document: Anything
/** What the answers before lead to: parameters by operation. */
const linked = new Map<string, Record<string, string>>()

beforeAll(async () => {
  sandbox = await startProcess({})
  const [, printed] = await sandbox.printed(/Demo key +(\S+)/)
  key = printed as string
  document = await (await fetch(`${sandbox.url}/openapi.json`)).json()
})
afterAll(() => {
  sandbox.child.kill('SIGTERM')
})

function described(operationId: string): Described {
  for (const [path, methods] of Object.entries<Anything>(document.paths))
    for (const [method, operation] of Object.entries<Anything>(methods))
      if (operation.operationId === operationId) return { method: method.toUpperCase(), path, operation }
  throw new Error(`no operation ${operationId}`)
}

/** Follows a reference within the document. */
function resolve(value: Anything): Anything {
  if (typeof value?.$ref !== 'string') return value
  return value.$ref
    .split('/')
    .slice(1)
    .reduce((at: Anything, name: string) => at[name], document)
}

const exampleOf = (parameter: Anything) => parameter.example ?? resolve(parameter.schema).examples?.[0]

function urlOf({ path, operation }: Described): string {
  const given = linked.get(operation.operationId) ?? {}
  const query = new URLSearchParams()
  let filled = path
  for (const parameter of operation.parameters ?? []) {
    const value = given[parameter.name] ?? exampleOf(parameter)
    if (value === undefined) continue
    if (parameter.in === 'path') filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(value))
    if (parameter.in === 'query') query.set(parameter.name, value)
  }
  return `${sandbox.url}${filled}${query.size > 0 ? `?${query}` : ''}`
}

function bodyOf({ operation }: Described): { body?: string | FormData; headers?: Record<string, string> } {
  const content = operation.requestBody?.content ?? {}
  if ('multipart/form-data' in content) {
    const { file, options } = content['multipart/form-data'].example
    const form = new FormData()
    form.append('file', new Blob([file], { type: 'text/csv' }), 'people.csv')
    form.append('options', JSON.stringify(options))
    return { body: form }
  }
  const json = content['application/json']
  return json === undefined
    ? {}
    : { body: JSON.stringify(json.example), headers: { 'content-type': 'application/json' } }
}

const readsHeader = ({ operation }: Described, header: string): boolean =>
  operation.parameters.some(({ name }: Anything) => name === header)

/** `from`: a runtime expression of OpenAPI. */
const memberAt = (body: Anything, from: string) =>
  from
    .replace('$response.body#/', '')
    .split('/')
    .reduce((at: Anything, name) => at[name], body)

function follow({ operation }: Described, status: number, body: Anything): void {
  for (const { operationId, parameters } of Object.values<Anything>(operation.responses[status]?.links ?? {}))
    linked.set(
      operationId,
      Object.fromEntries(Object.entries<string>(parameters).map(([name, from]) => [name, memberAt(body, from)])),
    )
}

describe('in the sandbox', () => {
  test('the list above has every operation', () => {
    const all = Object.values<Anything>(document.paths).flatMap((methods) =>
      Object.values<Anything>(methods).map(({ operationId }) => operationId),
    )
    expect(all.sort()).toEqual([...inOrder, ...calledByProviders, ...ofEndpoints].sort())
  })

  test.each(inOrder)('%s looks at an Idempotency-Key if and only if it says so', async (operationId) => {
    const one = described(operationId)
    const { body, headers } = bodyOf(one)
    const answer = await fetch(urlOf(one), {
      method: one.method,
      headers: { authorization: `Bearer ${key}`, 'idempotency-key': 'malformed', ...headers },
      ...(body !== undefined && { body }),
    })
    const text = await answer.text()
    expect(text.includes('"idempotency-key-invalid"'), text).toBe(readsHeader(one, 'Idempotency-Key'))
  })

  test.each(inOrder)(
    'the example of %s succeeds, and a preference is followed where it says so',
    async (operationId) => {
      const one = described(operationId)
      const { body, headers } = bodyOf(one)
      const answer = await fetch(urlOf(one), {
        method: one.method,
        headers: { authorization: `Bearer ${key}`, prefer: 'wait=9, explain', ...headers },
        ...(body !== undefined && { body }),
      })
      const text = await answer.text()
      expect(answer.status, text).toBeLessThan(300)
      expect(Object.keys(one.operation.responses)).toContain(String(answer.status))
      expect(answer.headers.get('preference-applied')).toBe(readsHeader(one, 'Prefer') ? 'wait=9, explain' : null)
      if (operationId === 'addContactsToList') expect(answer.headers.get('x-items-failed')).toBe('0')
      if (answer.headers.get('content-type')?.startsWith('application/json'))
        follow(one, answer.status, JSON.parse(text))
    },
  )
})
