import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createStoreKey } from '../../src/config/store-key.ts'
import { freshKey } from '../support/contact-source.ts'
import { importWhole, openRaw, part } from '../support/import-calls.ts'
import { type ImportStoreUnderTest, importStores } from '../support/import-stores.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'
import { storedBytes } from '../support/stored-bytes.ts'

/**
 * What lies in the store after everything that the gateway keeps: answers, rows, reports, headers. The same without a key
 * shows that the search finds what is there.
 */
const single = { name: 'Xaviera Quackenbush', email: 'x.quackenbush@example.com', phone: '+919812340001' }
const inBatch = { name: 'Zoltan Featherstone', email: 'z.featherstone@example.com', phone: '+919812340002' }
const refused = { name: 'Ysolde Wigglesworth', email: 'y.wigglesworth@example.com', phone: '+919812340404' }
const inFile = { name: 'Leocadia Ramsbottom', email: 'l.ramsbottom@example.com', phone: '+919812340003' }
const badPhone = { name: 'Thaddeus Cholmondeley', email: 't.cholmondeley@example.com', phone: '12x34' }
const column = 'Invited by Hortensia Bickerstaff'
const people = { single, inBatch, refused, inFile, badPhone }
/** A file long enough for a report that is compressed. */
const others = Array.from({ length: 150 }, (_, n) => `Nobody ${n},nobody-${n}@example.com,nothing-${n},`).join('\n')
const csv = [
  `name,email,phone,${column}`,
  ...[refused, inFile, badPhone].map(({ name, email, phone }) => `${name},${email},${phone},Hortensia`),
  others,
].join('\n')

/** Each way in which somebody could be found. */
const traces = Object.values(people)
  .flatMap(({ name, email, phone }) => [
    name,
    name.split(' ')[1],
    email,
    email.split('@')[0],
    phone,
    phone.slice(1),
    phone.slice(3),
  ])
  .concat(column, 'Bickerstaff', 'nobody-7')
  .filter((trace) => trace !== undefined && trace.length > 4) as string[]

const found = (kept: readonly Buffer[]) =>
  traces.filter((trace) =>
    kept.some((bytes) => bytes.includes(trace) || bytes.includes(Buffer.from(trace).toString('base64').slice(0, -4))),
  )

const cases = importStores.flatMap(([name, open]) => [
  { name, open, with: 'STORE_KEY', env: { STORE_KEY: createStoreKey() } },
  { name, open, with: 'no key', env: {} },
])

describe.each(cases)('$name with $with', ({ open, env }) => {
  const isSealed = 'STORE_KEY' in env
  let store: ImportStoreUnderTest
  let gateway: TestGateway
  beforeAll(async () => {
    store = await open()
    gateway = await startGateway({ env: { ...store.env, ...env } })
  })
  afterAll(async () => {
    await gateway.close()
    await store.close()
  })

  test(isSealed ? 'nobody is to be found in what is stored' : 'the search finds everybody', async () => {
    const headers = { 'idempotency-key': freshKey() }
    const created = await gateway.call('POST', '/contacts?account=vobiz-in', { body: single, headers })
    expect(created.status).toBe(201)
    const batch = { body: { contacts: [inBatch, refused] }, headers: { 'idempotency-key': freshKey() } }
    const added = await gateway.call('POST', '/lists/newsletter/contacts', batch)
    expect(added.status).toBe(207)
    const ended = await importWhole(gateway, { csv, headers: { 'idempotency-key': freshKey() } })
    expect(ended.status).toBe('completed_with_errors')

    // All of it is there for who has the key.
    expect((await gateway.call('POST', '/contacts?account=vobiz-in', { body: single, headers })).text).toBe(
      created.text,
    )
    expect((await gateway.call('POST', '/lists/newsletter/contacts', batch)).text).toBe(added.text)
    const errors = await gateway.call('GET', `/imports/${ended.id}/errors.csv`)
    expect(errors.text).toContain(badPhone.email)
    expect(errors.text).toContain(column)
    expect((await gateway.call('GET', `/imports/${ended.id}`)).text).toContain('Bickerstaff')
    expect((await gateway.call('GET', '/imports')).body.items).toHaveLength(1)

    const kept = await storedBytes(store.env)
    expect(kept.length).toBeGreaterThan(20)
    // An answer to a batch names people by their numbers.
    const all = new Set(traces.filter((trace) => !/featherstone/i.test(trace)))
    expect(new Set(found(kept))).toEqual(isSealed ? new Set() : all)
    expect(gateway.logged()).not.toContain(env.STORE_KEY ?? 'no key at all')
    expect(traces.filter((trace) => gateway.logged().includes(trace))).toEqual([])
  })

  test('an upload that is on its way lies encrypted on the disk, whether there is a key or not', async () => {
    const raw = openRaw(gateway)
    const piece = part(`${csv}\n${'padding,,,\n'.repeat(20_000)}`)
    raw.socket.write(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`)
    // This process is the gateway: it has the file open, which has no name any more.
    const spooled = () =>
      readdirSync('/proc/self/fd')
        .map((fd) => `/proc/self/fd/${fd}`)
        .filter((path) => targetOf(path).startsWith(`${store.uploadFolder}/upload-`))
    await expect.poll(() => spooled().map((path) => readFileSync(path).length > 100_000)).toEqual([true])
    const bytes = readFileSync(spooled()[0] as string)
    expect(bytes.includes('padding')).toBe(false)
    expect(found([bytes])).toEqual([])
    raw.socket.destroy()
    await expect.poll(spooled).toEqual([])
  })
})

function targetOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
