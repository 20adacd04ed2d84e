/**
 * What a team writes on top of each generated client: it adds a contact, imports a file, cancels the import and deletes the
 * contact, with nothing but what was generated. Each line that is printed is typed by the document.
 */
export type Generator = {
  readonly name: string
  /** The program of the package, and its arguments; run in a folder of its own beside both documents. */
  readonly commands: readonly (readonly [program: string, ...args: string[]])[]
  readonly files?: Readonly<Record<string, string>>
  readonly program: string
  /** Generated files that hold the types of the API. */
  readonly types: readonly string[]
  /** Lines with `any` or `unknown` that are not about the API's data, with the reason. */
  readonly untyped?: RegExp
}

const setting = `
const url = process.env['GATEWAY_URL'] ?? ''
const key = process.env['CONTACT_GATEWAY_KEY'] ?? ''
const headers = { Authorization: \`Bearer \${key}\` }
const phone = '+919876543210'
const id = \`vobiz-in:\${process.env['CONTACT_KEY']}\`
const contacts = [{ name: 'Jane Smith', email: 'jane@example.com', phone }]
const file = new File(['email\\na@b.example\\n'], 'people.csv', { type: 'text/csv' })
const told = (outcomes: readonly { account: string; status: string; id?: string | undefined }[]): string =>
  outcomes.map(({ account, status }) => \`\${account} \${status}\`).join(', ')
const idAt = (outcomes: readonly { account: string; id?: string | undefined }[]): string =>
  outcomes.find(({ account }) => account === 'vobiz-in')?.id ?? id
`

const main = (imports: string, body: string) =>
  `${imports}\n${setting}\nasync function main(): Promise<void> {\n${body}\n}\nmain().catch((error) => { console.error(error); process.exitCode = 1 })\n`

const openapi = 'openapi.json'
const openapi30 = 'openapi-3.0.json'

export const generators: readonly Generator[] = [
  {
    name: 'openapi-typescript',
    commands: [['openapi-typescript', openapi, '-o', 'api.ts']],
    types: ['api.ts'],
    // The headers of an answer: any may come.
    untyped: /^\s*\[name: string\]: unknown;$/,
    program: main(
      `import createClient from 'openapi-fetch'\nimport type { paths } from './api'`,
      `const client = createClient<paths>({ baseUrl: url, headers })
  const { data: added } = await client.POST('/lists/{listId}/contacts', { params: { path: { listId: 'newsletter' } }, body: { contacts } })
  if (added === undefined || !('results' in added)) throw new Error('no batch')
  const outcomes = added.results[0]?.outcomes ?? []
  console.log(told(outcomes))
  const { data: started } = await client.POST('/lists/{listId}/imports', {
    params: { path: { listId: 'newsletter' } },
    body: { file: '', options: { onConflict: 'update' } },
    bodySerializer: (body) => {
      const form = new FormData()
      form.append('options', JSON.stringify(body?.options))
      form.append('file', file)
      return form
    },
  })
  console.log(started?.options.onConflict)
  const { data: canceled } = await client.POST('/imports/{importId}/cancel', { params: { path: { importId: started?.id ?? '' } } })
  console.log(canceled?.id === started?.id)
  const { response } = await client.DELETE('/contacts/{contactId}', { params: { path: { contactId: idAt(outcomes) } } })
  console.log(response.status)`,
    ),
  },
  {
    name: '@hey-api/openapi-ts',
    commands: [
      ['openapi-ts', '-i', openapi, '-o', 'api', '-p', '@hey-api/client-fetch', '@hey-api/sdk', '@hey-api/typescript'],
    ],
    types: ['api/types.gen.ts', 'api/sdk.gen.ts'],
    // The generator's own: a field for the caller's notes, and a parameter of its types.
    untyped: /Record<string, unknown>|TResponse = unknown/,
    program: main(
      `import { addContactsToList, cancelImport, deleteContact, startImport } from './api'\nimport { client } from './api/client.gen'`,
      `client.setConfig({ baseUrl: url, headers })
  const { data: added } = await addContactsToList({ path: { listId: 'newsletter' }, body: { contacts } })
  if (added === undefined || !('results' in added)) throw new Error('no batch')
  const outcomes = added.results[0]?.outcomes ?? []
  console.log(told(outcomes))
  const { data: started } = await startImport({ path: { listId: 'newsletter' }, body: { file, options: { onConflict: 'update' } } })
  console.log(started?.options.onConflict)
  const { data: canceled } = await cancelImport({ path: { importId: started?.id ?? '' } })
  console.log(canceled?.id === started?.id)
  const { response } = await deleteContact({ path: { contactId: idAt(outcomes) } })
  console.log(response?.status)`,
    ),
  },
  {
    name: 'orval with zod',
    files: {
      'orval.config.mjs': `const output = (target, rest) => ({ input: 'openapi.json', output: { target, mode: 'single', ...rest } })
export default { api: output('api.ts', { client: 'fetch', baseUrl: { runtime: "process.env['GATEWAY_URL']" } }), zod: output('zod.ts', { client: 'zod' }) }`,
    },
    commands: [['orval', '--config', 'orval.config.mjs']],
    types: ['api.ts', 'zod.ts'],
    program: main(
      `import { addContactsToList, cancelImport, deleteContact, startImport } from './api'\nimport { AddContactsToListBody, CancelImportResponse } from './zod'`,
      `const added = await addContactsToList('newsletter', AddContactsToListBody.parse({ contacts }), undefined, { headers })
  if (added.status !== 207) throw new Error('no batch')
  const outcomes = added.data.results[0]?.outcomes ?? []
  console.log(told(outcomes))
  const started = await startImport('newsletter', { file, options: { onConflict: 'update' } }, undefined, { headers })
  if (started.status !== 202) throw new Error('no import')
  console.log(started.data.options.onConflict)
  const canceled = await cancelImport(started.data.id, { headers })
  console.log(CancelImportResponse.parse(canceled.data).id === started.data.id)
  console.log((await deleteContact(encodeURIComponent(idAt(outcomes)), { headers })).status)`,
    ),
  },
  {
    name: 'kubb',
    files: {
      'kubb.config.mjs': `import { defineConfig } from '@kubb/core'
import { pluginClient } from '@kubb/plugin-client'
import { pluginOas } from '@kubb/plugin-oas'
import { pluginTs } from '@kubb/plugin-ts'
export default defineConfig({
  root: '.',
  input: { path: './openapi.json' },
  output: { path: './api', clean: true, format: false, lint: false },
  plugins: [pluginOas({ validate: false }), pluginTs(), pluginClient({ client: 'fetch', dataReturnType: 'full' })],
})`,
    },
    commands: [['kubb', 'generate', '--config', 'kubb.config.mjs']],
    types: ['api/types'],
    // Kubb has no word for an answer without content.
    untyped: /^export type \w+204 = any/,
    program: main(
      `import client from '@kubb/plugin-client/clients/fetch'\nimport { addContactsToList, cancelImport, deleteContact, startImport } from './api'`,
      `client.setConfig({ baseURL: url, headers: [['Authorization', headers.Authorization]] })
  // Its fetch names no type for JSON.
  const json = { headers: { 'Content-Type': 'application/json' } }
  const { data: added } = await addContactsToList('newsletter', { contacts }, undefined, undefined, json)
  if (!('results' in added)) throw new Error('no batch')
  const outcomes = added.results[0]?.outcomes ?? []
  console.log(told(outcomes))
  const { data: started } = await startImport('newsletter', { file, options: { onConflict: 'update' } })
  console.log(started.options.onConflict)
  const { data: canceled } = await cancelImport(started.id)
  console.log(canceled.id === started.id)
  console.log((await deleteContact(encodeURIComponent(idAt(outcomes)))).status)`,
    ),
  },
  {
    name: 'swagger-typescript-api',
    // It types the first success of an operation alone, which of a batch is the import; so it adds a single contact.
    commands: [['swagger-typescript-api', 'generate', '-p', openapi, '-o', 'api', '-n', 'api.ts']],
    types: ['api/api.ts'],
    // Its own HTTP client, which is the same for every API.
    untyped:
      /SecurityDataType = unknown|SecurityDataType extends unknown|QueryParamsType = |body\?: unknown|D extends unknown|value: any|\(v: any\)|input: any|<T = any, E = any>/,
    program: main(
      `import { Api, OnConflict } from './api/api'`,
      `const api = new Api({ baseUrl: url, baseApiParams: { headers } })
  const { data: added } = await api.contacts.createContact({ ...contacts[0], phone }, { account: 'vobiz-in' })
  const outcomes = [added]
  console.log(told(outcomes))
  const { data: started } = await api.lists.startImport('newsletter', { file, options: { onConflict: OnConflict.Update } })
  console.log(started.options.onConflict)
  const { data: canceled } = await api.imports.cancelImport(started.id)
  console.log(canceled.id === started.id)
  console.log((await api.contacts.deleteContact(encodeURIComponent(idAt(outcomes)))).status)`,
    ),
  },
  {
    name: 'openapi-zod-client',
    // It knows one success for each operation, the first: the batch, whose other one is an import, is generated apart.
    commands: [
      ['openapi-zod-client', openapi30, '-o', 'api.ts'],
      ['openapi-zod-client', openapi30, '-o', 'batches.ts', '--success-expr', 'status === 207'],
    ],
    types: ['api.ts', 'batches.ts'],
    program: main(
      `import { createApiClient } from './api'\nimport { createApiClient as createBatchClient } from './batches'`,
      `const options = { axiosConfig: { headers } }
  const api = createApiClient(url, options)
  const added = await createBatchClient(url, options).post('/lists/:listId/contacts', { contacts }, { params: { listId: 'newsletter' } })
  const outcomes = added.results[0]?.outcomes ?? []
  console.log(told(outcomes))
  const started = await api.post('/lists/:listId/imports', { file }, { params: { listId: 'newsletter' } })
  console.log(started.options.onConflict ?? 'update')
  const canceled = await api.post('/imports/:importId/cancel', undefined, { params: { importId: started.id } })
  console.log(canceled.id === started.id)
  await api.delete('/contacts/:contactId', undefined, { params: { contactId: idAt(outcomes) } })
  console.log(204)`,
    ),
  },
  {
    name: 'openapi-typescript-codegen',
    commands: [['openapi', '--input', openapi30, '--output', 'api', '--useUnionTypes']],
    types: ['api/models', 'api/services'],
    program: main(
      `import { ContactsService, ImportsService, ListsService, OpenAPI } from './api'`,
      `OpenAPI.BASE = url
  OpenAPI.TOKEN = key
  const added = await ListsService.addContactsToList('newsletter', { contacts })
  if (!('results' in added)) throw new Error('no batch')
  const outcomes = added.results[0]?.outcomes ?? []
  console.log(told(outcomes))
  const started = await ImportsService.startImport('newsletter', { file, options: { onConflict: 'update' } })
  console.log(started.options.onConflict)
  const canceled = await ImportsService.cancelImport(started.id)
  console.log(canceled.id === started.id)
  await ContactsService.deleteContact(idAt(outcomes))
  console.log(204)`,
    ),
  },
]
