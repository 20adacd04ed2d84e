import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../../src/config/client-directory.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'
import { type AuditEvent, readEvents } from './read-events.ts'

/** A day of a real gateway, in front of simulators: what was done, and by whom, stands in its audit file. */

const addresses = { crm: '10.1.0.1', reader: '10.2.0.1', shop: '10.3.0.1', hasty: '10.4.0.1', abroad: '203.0.113.9' }
type Who = keyof typeof addresses
const keys = { crm: createKey('crm'), reader: createKey('reader'), shop: createKey('shop'), hasty: createKey('hasty') }
const keyIdOf = (who: keyof typeof keys) => keys[who].hash.slice('sha256:'.length, 'sha256:'.length + 8)

const jane = { name: 'Jane Quillfeather', email: 'jane.quillfeather@example.com', phone: '+919876543211' }
const ravi = { name: 'Ravi Brambleworth', email: 'ravi.brambleworth@example.com', phone: '+919876543212' }

let folder: string
let file: string
let simulators: RunningSimulators
let gateway: GatewayProcess

const client = (who: keyof typeof keys, changes: object = {}) => ({
  keys: [{ hash: keys[who].hash }],
  networks: [`${addresses[who]}/32`],
  scopes: ['contacts:read', 'contacts:write', 'imports'],
  lists: ['*'],
  accounts: ['*'],
  ...changes,
})

function document(changes: { clients?: object; accounts?: object } = {}) {
  const { accounts, lists } = gatewayDocument(simulators)
  const clients = {
    crm: client('crm'),
    reader: client('reader', { scopes: ['contacts:read'] }),
    shop: client('shop', { lists: ['sms'], accounts: ['octopush-fr'], requireIdempotencyKey: true }),
    hasty: client('hasty', { rateLimit: { requests: 1, windowSeconds: 600 } }),
  }
  return {
    server: { trustedProxies: ['127.0.0.0/8'] },
    limits: { importsPerClient: 2, overloadDelayMs: 60_000 },
    accounts: { ...accounts, ...changes.accounts },
    lists,
    clients: { ...clients, ...changes.clients },
  }
}

function write(content: unknown): void {
  writeFileSync(join(folder, 'next'), typeof content === 'string' ? content : JSON.stringify(content))
  renameSync(join(folder, 'next'), join(folder, 'gateway.json'))
}

type Sending = { body?: unknown; form?: FormData; headers?: Record<string, string>; from?: Who; key?: string | null }

let count = 0
/** Answers with the events that the request made, too. */
async function call(who: keyof typeof keys, method: string, path: string, sending: Sending = {}) {
  const { body, form, headers = {}, from = who, key = keys[who].key } = sending
  const requestId = `of-the-day-${count++}`
  const answer = await fetch(gateway.url + path, {
    method,
    headers: {
      'x-request-id': requestId,
      'x-forwarded-for': addresses[from],
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(form !== undefined && { body: form }),
  })
  const text = await answer.text()
  const find = () => readEvents(file).filter((event) => event.requestId === requestId)
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text), find }
}

/** The one event of a request, without what is told of the process; its caller is who sent it. */
async function eventOf({ find }: Awaited<ReturnType<typeof call>>, who: keyof typeof keys | undefined, from?: Who) {
  await expect.poll(() => find().length).toBe(1)
  const [{ time, id, event, requestId, client: name, keyId, address, ...told }] = find() as [AuditEvent]
  expect([event, name, keyId, address]).toEqual(
    who === undefined
      ? ['audit', undefined, undefined, addresses[from as Who]]
      : ['audit', who, keyIdOf(who), addresses[from ?? who]],
  )
  expect(new Date(time).toISOString()).toBe(time)
  return told
}

const keyed = { 'idempotency-key': 'of-the-day-0123456789' }
const csv = (...people: (typeof jane)[]) => {
  const form = new FormData()
  const rows = people.map(({ name, email, phone }) => `${name},${email},${phone}\n`)
  form.set('file', new Blob([`name,email,phone\n${rows.join('')}`]), 'people.csv')
  return form
}
const hashed = expect.stringMatching(/^[\w-]{22}$/)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-audit-'))
  file = join(folder, 'audit.log')
  simulators = await startSimulators()
  write(document())
  gateway = await startProcess({
    GATEWAY_CONFIG: join(folder, 'gateway.json'),
    DATA_DIR: join(folder, 'data'),
    AUDIT_LOG: file,
  })
})
afterAll(async () => {
  gateway.child.kill('SIGKILL')
  await simulators.close()
  rmSync(folder, { recursive: true })
})

const contactIds: string[] = []

describe('the audit file has', () => {
  test('every write of one contact, which it calls by the same hash each time', async () => {
    const created = await call('crm', 'POST', '/contacts?account=vobiz-in', { body: jane })
    const { id } = created.body
    contactIds.push(id)
    const path = encodeURIComponent(id)
    const first = await eventOf(created, 'crm')
    const about = { account: 'vobiz-in', contact: hashed }
    expect(first).toEqual({
      action: 'contact.create',
      ...about,
      counts: { 'vobiz-in': { created: 1 } },
      status: 201,
    })
    const changed = await call('crm', 'PATCH', `/contacts/${path}`, { body: { name: 'Jane Thistlewood' } })
    expect(await eventOf(changed, 'crm')).toEqual({
      action: 'contact.update',
      account: 'vobiz-in',
      contact: first.contact,
      counts: { 'vobiz-in': { updated: 1 } },
      status: 200,
    })
    const { stdout } = await promisify(execFile)(process.execPath, ['src/cli/main.ts', 'audit-hash', id], {
      env: { PATH: process.env.PATH, GATEWAY_CONFIG: join(folder, 'gateway.json') },
    })
    expect(stdout.trim()).toBe(first.contact)
    await call('crm', 'POST', '/lists/whatsapp/contacts', { body: { contacts: [jane] } })
    const left = await call('crm', 'DELETE', `/lists/whatsapp/contacts/${path}`)
    expect(await eventOf(left, 'crm')).toEqual({
      action: 'list.remove',
      list: 'whatsapp',
      ...about,
      contact: first.contact,
      counts: { 'vobiz-in': { removed: 1 } },
      status: 204,
    })
    const deleted = await call('crm', 'DELETE', `/contacts/${path}`)
    expect(await eventOf(deleted, 'crm')).toEqual({
      action: 'contact.delete',
      ...about,
      contact: first.contact,
      counts: { 'vobiz-in': { deleted: 1 } },
      status: 204,
    })
  })

  test('a batch with what became of it at each account, and a repeat as one', async () => {
    const body = { contacts: [jane, ravi, { ...jane, phone: '12' }] }
    const sent = await call('crm', 'POST', '/lists/newsletter/contacts', { body, headers: keyed })
    expect(sent.status).toBe(207)
    const told = await eventOf(sent, 'crm')
    expect(told).toMatchObject({ action: 'contacts.add', list: 'newsletter', status: 207 })
    const answered: Record<string, Record<string, number>> = {}
    for (const { account, status } of sent.body.results.flatMap(({ outcomes }: { outcomes: unknown[] }) => outcomes)) {
      answered[account] ??= {}
      answered[account][status] = (answered[account][status] ?? 0) + 1
    }
    expect(Object.keys(answered).sort()).toEqual(['oblic-main', 'octopush-fr', 'vobiz-in'])
    expect(told.counts).toEqual(answered)
    const again = await call('crm', 'POST', '/lists/newsletter/contacts', { body, headers: keyed })
    expect(await eventOf(again, 'crm')).toMatchObject({ action: 'contacts.add', replayed: expect.any(String) })
    const tried = await call('crm', 'POST', '/lists/newsletter/contacts?validateOnly=true', { body })
    expect(await eventOf(tried, 'crm')).toEqual({
      action: 'contacts.add',
      list: 'newsletter',
      validateOnly: true,
      status: 207,
    })
  })

  test('imports: who started and canceled them, and how they ended', async () => {
    const started = await call('crm', 'POST', '/lists/newsletter/imports', { form: csv(jane, ravi) })
    expect(started.status).toBe(202)
    const about = { list: 'newsletter', import: started.body.id, rows: 2 }
    expect(await eventOf(started, 'crm')).toEqual({ action: 'import.start', ...about, status: 202 })
    await expect.poll(() => endsOf(started.body.id).length).toBe(1)
    const { progress, status } = (await call('crm', 'GET', `/imports/${started.body.id}`)).body
    expect(endsOf(started.body.id)[0]).toMatchObject({ client: 'crm', ...about, outcome: status })
    for (const [account, counts] of Object.entries(endsOf(started.body.id)[0]?.counts))
      expect(progress[account]).toMatchObject(counts as object)

    simulators.octopush.setBehaviour({ latencyMs: 3_000 })
    const later = await call('crm', 'POST', '/lists/sms/contacts', {
      body: { contacts: [ravi] },
      headers: { prefer: 'respond-async' },
    })
    expect(await eventOf(later, 'crm')).toEqual({
      action: 'import.start',
      list: 'sms',
      import: later.body.id,
      rows: 1,
      status: 202,
    })
    const canceled = await call('crm', 'POST', `/imports/${later.body.id}/cancel`)
    expect(await eventOf(canceled, 'crm')).toEqual({ action: 'import.cancel', import: later.body.id, status: 202 })
    await expect.poll(() => endsOf(later.body.id).length).toBe(1)
  })

  test('every refusal of a write, with what it wanted and why it was refused', async () => {
    const cases: readonly [Promise<Awaited<ReturnType<typeof call>>>, keyof typeof keys, object][] = [
      [
        call('crm', 'POST', '/lists/nowhere/contacts', { body: { contacts: [jane] } }),
        'crm',
        { status: 404, problem: 'not-found' },
      ],
      [
        call('shop', 'POST', '/lists/newsletter/contacts', { body: { contacts: [jane] } }),
        'shop',
        { status: 404, problem: 'not-found', list: 'newsletter' },
      ],
      [
        call('shop', 'POST', '/lists/sms/contacts', { body: { contacts: [jane] } }),
        'shop',
        { status: 400, problem: 'idempotency-key-missing', list: 'sms' },
      ],
      [
        call('crm', 'POST', '/lists/sms/contacts', { body: { contacts: [{ mail: jane.email }] } }),
        'crm',
        { status: 422, problem: 'validation-failed', list: 'sms' },
      ],
      [
        call('crm', 'PATCH', `/contacts/${encodeURIComponent(jane.email)}`, { body: { name: 'X' } }),
        'crm',
        { action: 'contact.update', status: 404, contact: hashed },
      ],
      [
        call('crm', 'POST', '/imports/00000000-0000-0000-0000-000000000000/cancel'),
        'crm',
        { action: 'import.cancel', status: 404, import: '00000000-0000-0000-0000-000000000000' },
      ],
    ]
    for (const [answer, who, told] of cases) {
      expect(await eventOf(await answer, who)).toMatchObject({ action: 'contacts.add', ...told })
    }
    await call('hasty', 'POST', '/lists/nowhere/contacts', { body: { contacts: [jane] } })
    const tooMany = await call('hasty', 'POST', '/lists/sms/contacts', { body: { contacts: [jane] } })
    expect(await eventOf(tooMany, 'hasty')).toEqual({
      action: 'access.refused',
      wanted: 'contacts.add',
      reason: 'rate-limited',
      status: 429,
      problem: 'rate-limited',
    })
  })

  test('callers that are refused: a wrong key, a scope that is missing, a valid key from a foreign network', async () => {
    const body = { contacts: [jane] }
    const stranger = await call('crm', 'POST', '/lists/sms/contacts', {
      body,
      from: 'abroad',
      key: createKey('crm').key,
    })
    const refused = { action: 'access.refused', wanted: 'contacts.add' }
    expect(await eventOf(stranger, undefined, 'abroad')).toEqual({
      ...refused,
      reason: 'key',
      status: 401,
      problem: 'unauthorized',
    })
    const stolen = await call('crm', 'GET', '/lists', { from: 'abroad' })
    expect(await eventOf(stolen, 'crm', 'abroad')).toEqual({
      action: 'access.refused',
      reason: 'network',
      status: 403,
      problem: 'network-not-allowed',
    })
    const narrow = await call('reader', 'POST', '/lists/sms/contacts', { body })
    expect(await eventOf(narrow, 'reader')).toEqual({
      ...refused,
      reason: 'scope',
      status: 403,
      problem: 'scope-missing',
    })
    const line = () => securityLines().find(({ reason }) => reason === 'network')
    await expect.poll(line).toMatchObject({
      client: 'crm',
      keyId: keyIdOf('crm'),
      address: addresses.abroad,
      status: 403,
      route: '/lists',
    })
  })

  test('what the configuration grants at first, and what each reload changes, applied or refused', async () => {
    const [first] = readEvents(file) as [AuditEvent]
    expect(first).toMatchObject({ action: 'config.start', accounts: { added: expect.any(Array) } })
    expect(first.clients.added.find(({ id }: { id: string }) => id === 'shop')).toEqual({
      id: 'shop',
      keys: [keyIdOf('shop')],
      scopes: ['contacts:read', 'contacts:write', 'imports'],
      networks: ['10.3.0.1/32'],
      lists: ['sms'],
      accounts: ['octopush-fr'],
    })
    const other = createKey('reader')
    const wider = client('reader', { keys: [{ hash: other.hash }], lists: ['*', 'sms'] })
    const { accounts } = gatewayDocument(simulators)
    const octopush = accounts['octopush-fr']
    write(
      document({
        clients: { reader: wider, hasty: undefined },
        accounts: {
          'octopush-fr': { ...octopush, credentials: { ...octopush.credentials, apiKey: 'quite-another-secret' } },
        },
      }),
    )
    await gateway.printed(/was reloaded/)
    const applied = () => readEvents(file).filter(({ action }) => action === 'config.reload')
    await expect.poll(() => applied().length).toBe(1)
    expect(applied()[0]).toMatchObject({
      clients: {
        added: [],
        removed: ['hasty'],
        changed: [
          {
            id: 'reader',
            keys: { added: [other.hash.slice(7, 15)], removed: [keyIdOf('reader')] },
            scopes: { added: ['contacts:write', 'imports'], removed: [] },
            lists: { added: ['sms'], removed: [] },
          },
        ],
      },
      lists: { added: [], removed: [], changed: [] },
      accounts: { added: [], removed: [], changed: [{ id: 'octopush-fr', fields: ['credentials'] }] },
    })
    expect(gateway.output()).toMatch(/"event":"reload","changes":\{"clients":\{"added":\[\],"removed":\["hasty"\]/)
    write('{"accounts": 7}')
    await gateway.printed(/is not valid/)
    await expect.poll(() => readEvents(file).at(-1)).toMatchObject({ action: 'config.refused' })
    expect(readEvents(file).at(-1)?.places).toContain('accounts')
    expect(readFileSync(file, 'utf8')).not.toContain('quite-another-secret')
  })

  test('no number, address or name of a person, no id of a contact, no key and no secret', () => {
    const text = readFileSync(file, 'utf8')
    const people = [jane, ravi].flatMap(({ name, email, phone }) => [...name.split(' '), email, phone.slice(1)])
    const secrets = Object.values(keys).flatMap(({ key, hash }) => [key, hash])
    for (const found of [...people, ...contactIds, ...secrets, 'Thistlewood', 'nowhere', keyed['idempotency-key']])
      expect([found, text.includes(found)]).toEqual([found, false])
    expect(contactIds).not.toEqual([])
  })

  test('numbers without a gap, and is its owner’s alone', () => {
    const ids = readEvents(file).map(({ id }) => id)
    const [first = ''] = ids
    expect(ids).toEqual(ids.map((_, place) => `${first.split('-')[0]}-${place}`))
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })
})

const endsOf = (id: string) => readEvents(file).filter((event) => event.action === 'import.end' && event.import === id)

function securityLines() {
  const lines = gateway.output().split('\n')
  return lines.filter((line) => line.includes('"event":"security"')).map((line) => JSON.parse(line))
}
