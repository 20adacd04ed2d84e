import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createVobizSimulator, defaultVobizCredentials } from '../../src/simulators/vobiz.ts'
import { freshKey } from '../support/contact-source.ts'
import { findTraces } from '../support/find-traces.ts'
import { importWhole, untilDone, upload } from '../support/import-calls.ts'
import { type ImportStoreUnderTest, importStores } from '../support/import-stores.ts'
import { passTimeInRedis, readRdb } from '../support/move-redis-time.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'
import { storedPlaces } from '../support/stored-bytes.ts'

const minuteMs = 60_000
/** Mexico: one phone, two numbers. */
const forms = ['+525512345678', '+5215512345678'] as const
const email = 'xaviera.quackenbush@example.com'
/** They are in every form of the number, and of the address. */
const traces = ['5512345678', 'quackenbush']
const other = { name: 'Zoltan', email: 'zoltan@example.com', phone: '+525587654321' }

type Shown = {
  accounts: { account: string; status: string; attempts: number }[]
  gateway: { status: string; heldUntil: string; importRowsErased: number }
  status: string
}

describe.each(importStores)('A person who is everywhere, with %s', (_name, open) => {
  let store: ImportStoreUnderTest
  let gateway: TestGateway
  const late = createVobizSimulator()
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    store = await open()
    await late.listen()
    const { authId, authToken } = defaultVobizCredentials
    const account = { provider: 'vobiz', credentials: { authId, authToken }, baseUrl: late.baseUrl }
    gateway = await startGateway({
      env: store.env,
      accounts: { late: { ...account, maxConcurrency: 4 } },
      lists: { late: { targets: [{ account: 'late', tag: 'late' }] } },
    })
  })
  afterEach(async () => {
    await gateway.close()
    await late.close()
    vi.useRealTimers()
    await store.close()
  })

  /** Where anything of her is kept: tables or keys, and files. */
  const places = async () => {
    const kept = await storedPlaces(store.env)
    return [...new Set(kept.filter(({ bytes }) => findTraces(traces, bytes).length > 0).map(({ place }) => place))]
  }
  const isAnswer = (place: string) => place === 'answers' || place.endsWith(':answer')
  const isFile = (place: string) => place.startsWith('gateway.db')
  const atProviders = () =>
    [...Object.values(gateway.simulators), late]
      .flatMap((simulator) => ('contacts' in simulator ? simulator.contacts() : []))
      .filter((contact) => findTraces(traces, Buffer.from(JSON.stringify(contact))).length > 0)
  const callsOfProviders = () => {
    const { oblic, octopush, vobiz } = gateway.simulators
    return [oblic, octopush, vobiz, late].map((simulator) => simulator.requestTotal())
  }

  /** The files of the embedded store as they are without its stored answers, each byte of which is overwritten. */
  const filesWithoutAnswers = (): Buffer => {
    const copy = mkdtempSync(join(tmpdir(), 'gateway-copy-'))
    onTestFinished(() => rmSync(copy, { recursive: true }))
    for (const name of readdirSync(store.env.DATA_DIR as string).filter(isFile))
      cpSync(join(store.env.DATA_DIR as string, name), join(copy, name))
    const database = new DatabaseSync(join(copy, 'gateway.db'))
    database.exec('PRAGMA secure_delete = ON; DELETE FROM answers; PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
    return readFileSync(join(copy, 'gateway.db'))
  }

  const add = (key: string) =>
    gateway.call('POST', '/lists/newsletter/contacts', {
      body: { contacts: [{ name: 'Xaviera', email, phone: forms[0] }, other] },
      headers: { 'idempotency-key': key },
    })
  const atVobiz = async (phone: string) => {
    const { vobiz, credentials } = gateway.simulators
    const made = await fetch(`${vobiz.baseUrl}/contacts`, {
      method: 'POST',
      headers: {
        'X-Auth-ID': credentials.vobiz.authId,
        'X-Auth-Token': credentials.vobiz.authToken,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ name: 'Xaviera', phone_number: phone }),
    })
    expect(made.status).toBe(201)
  }
  /** Rows of hers that wait behind others, at an account that takes its time for each: they do not go as a file. */
  const queue = async () => {
    late.setBehaviour({ match: { method: 'POST' }, latencyMs: 4_000 })
    const others = Array.from(
      { length: 40 },
      (_, index) => `Nobody,nobody${index}@example.com,+9198765432${index + 10}`,
    )
    const rows = [`Xaviera,${email},${forms[1]}`, `Xaviera,x@example.com,${forms[0]}`]
    const { status, body } = await upload(gateway, {
      list: 'late',
      options: { onConflict: 'skip' },
      csv: ['name,email,phone', ...others, ...rows].join('\n'),
    })
    expect(status).toBe(202)
    return body.id as string
  }

  test('is nowhere after an erasure but in stored answers, and after the time that the receipt names nowhere at all', async () => {
    const key = freshKey()
    const added = await add(key)
    expect(added.status).toBe(207)
    await atVobiz(forms[1])
    const refused = ['name,email,phone', `Xaviera,${email},12x34`, 'Ysolde,ysolde@example.com,nothing'].join('\n')
    await importWhole(gateway, { csv: refused, list: 'whatsapp' })
    const queued = await queue()
    // She is at Vobiz twice.
    expect(atProviders()).toHaveLength(4)
    const before = await places()
    expect(before.some(isAnswer)).toBe(true)
    expect(before.filter((place) => !isAnswer(place) && !isFile(place)).length).toBeGreaterThan(0)

    const body = { phone: forms[0], email, reference: 'case 7' }
    const begun = await gateway.call('POST', '/erasures', { body, headers: { 'idempotency-key': freshKey() } })
    expect(begun.status).toBe(202)
    const read = async () => (await gateway.call<Shown>('GET', `/erasures/${begun.body.id}`)).body
    const until = (is: (shown: Shown) => boolean) =>
      vi.waitFor(async () => expect(is(await read())).toBe(true), { timeout: 30_000, interval: 100 })
    const isTried = (times: number) => (shown: Shown) =>
      shown.accounts.every(({ status, attempts }) => status === 'by_hand' || attempts >= times)
    await until((shown) => shown.gateway.importRowsErased === 3 && isTried(1)(shown))
    late.setBehaviour({})
    const done = await untilDone(gateway, queued)
    expect(done).toMatchObject({ skippedBecause: { late: { suppressed: 2 } } })
    vi.setSystemTime(Date.now() + minuteMs)
    await until((shown) => shown.gateway.status === 'done' && isTried(2)(shown))
    // What Oblic has no call for is done in its dashboard.
    gateway.simulators.oblic.reset()
    await gateway.call('POST', `/erasures/${begun.body.id}/accounts/oblic-main/done`, { body: { by: 'A. Durand' } })
    const receipt = await read()
    expect(receipt.status).toBe('completed')
    expect(Object.fromEntries(receipt.accounts.map(({ account, status }) => [account, status]))).toEqual({
      late: 'not_found',
      'oblic-main': 'done_by_hand',
      'octopush-fr': 'deleted',
      'vobiz-in': 'deleted',
    })

    expect(atProviders()).toEqual([])
    expect(readdirSync(store.uploadFolder)).toEqual([])
    expect((await places()).filter((place) => !isAnswer(place) && place !== 'gateway.db')).toEqual([])
    if (store.env.REDIS_URL === undefined) expect(findTraces(traces, filesWithoutAnswers())).toEqual([])
    expect(findTraces(traces, Buffer.from(JSON.stringify(receipt)))).toEqual([])
    expect(findTraces(traces, Buffer.from(gateway.logged()))).toEqual([])

    const calls = callsOfProviders()
    const repeated = await add(key)
    expect([repeated.status, repeated.headers.get('idempotency-replayed')]).toEqual([207, 'true'])
    expect(repeated.body).toEqual(added.body)
    expect(callsOfProviders()).toEqual(calls)

    const left = Date.parse(receipt.gateway.heldUntil) - Date.now() + 1
    vi.setSystemTime(Date.now() + left)
    if (store.env.REDIS_URL !== undefined) await passTimeInRedis(store.env.REDIS_URL, left)
    await vi.waitFor(async () => expect(await places()).toEqual([]), { timeout: 40_000, interval: 500 })
    if (store.env.REDIS_URL !== undefined) expect(findTraces(traces, await readRdb(store.env.REDIS_URL))).toEqual([])
    expect((await gateway.call('GET', `/erasures/${begun.body.id}`)).body.status).toBe('completed')
  }, 120_000)
})
