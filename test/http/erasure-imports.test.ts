import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { freshKey } from '../support/contact-source.ts'
import { importWhole, lastBoundary, openRaw, part, untilDone, upload } from '../support/import-calls.ts'
import { type ImportStoreUnderTest, importStores } from '../support/import-stores.ts'
import { type Changes, startGateway, type TestGateway } from '../support/start-gateway.ts'
import { storedBytes, storedPlaces } from '../support/stored-bytes.ts'

const minuteMs = 60_000
const [phone, otherForm] = ['+525512345678', '+5215512345678']
const email = 'xaviera.quackenbush@example.com'
/** Each way in which she could be found. */
const traces = [email, 'quackenbush', 'Xaviera', phone, otherForm, phone.slice(1), otherForm.slice(1), '5512345678']
const rows = {
  refused: `Xaviera,${email},12x34`,
  otherForm: `Xaviera,x@example.com,${otherForm}`,
  national: 'Xaviera,not an address,55 1234 5678',
  other: 'Zoltan,zoltan@example.com,+525587654321',
  bad: 'Ysolde,ysolde@example.com,nothing',
}
const file = (...of: string[]) => ['name,email,phone', ...of].join('\n')

describe.each(importStores)('An erasure among imports, with %s', (_name, open) => {
  let store: ImportStoreUnderTest
  const gateways: TestGateway[] = []
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    store = await open()
  })
  afterEach(async () => {
    for (const gateway of gateways.splice(0)) await gateway.close()
    vi.useRealTimers()
    await store.close()
  })
  const start = async (changes: Changes = {}, first?: TestGateway) => {
    const env = { ...store.env, ...changes.env }
    const gateway = await startGateway({ ...changes, env }, first?.simulators)
    gateways.push(gateway)
    return gateway
  }
  const found = async () => {
    const kept = await storedBytes(store.env)
    const forms = (trace: string) => [trace, Buffer.from(trace).toString('base64').slice(0, -4)]
    return traces.filter((trace) => kept.some((bytes) => forms(trace).some((form) => bytes.includes(form))))
  }
  /** Erases her, and waits until it is completed; what no call does is said to be done. */
  const erase = async (gateway: TestGateway) => {
    const headers = { 'idempotency-key': freshKey() }
    const { body } = await gateway.call('POST', '/erasures', { body: { phone, email }, headers })
    const read = async () => (await gateway.call('GET', `/erasures/${body.id}`)).body
    const until = (is: (shown: Awaited<ReturnType<typeof read>>) => boolean) =>
      vi.waitFor(async () => expect(is(await read())).toBe(true), { timeout: 20_000, interval: 100 })
    await until((shown) => shown.gateway.importRowsErased > 0)
    for (let minute = 0; minute < 3; minute++) {
      vi.setSystemTime(Date.now() + minuteMs)
      await until((shown) =>
        shown.accounts.every(({ status, attempts }: Account) => status !== 'pending' || attempts > 0),
      )
    }
    await until((shown) => shown.gateway.status === 'done')
    await gateway.call('POST', `/erasures/${body.id}/accounts/oblic-main/done`, { body: { by: 'A. Durand' } })
    await until((shown) => shown.status === 'completed')
    return read()
  }
  type Account = { status: string; attempts: number }

  /** An import for an account that the gateway which erases has no workers of: it stays in the queue. */
  const later = (gateway: TestGateway) => ({
    accounts: { later: { provider: 'vobiz', credentials: { ...credentialsOf(gateway) }, baseUrl: baseUrlOf(gateway) } },
    lists: { later: { targets: [{ account: 'later', tag: 'later' }] } },
  })
  const credentialsOf = ({ simulators }: TestGateway) => {
    const { authId, authToken } = simulators.credentials.vobiz
    return { authId, authToken }
  }
  const baseUrlOf = ({ simulators }: TestGateway) => `${simulators.vobiz.url}/api/v1/messaging`

  /** Without Redis there is no process without workers: nothing can be kept in the queue. */
  const queue = async (eraser: TestGateway) => {
    if (store.env.REDIS_URL === undefined) return undefined
    const api = await start({ ...later(eraser), env: { ROLE: 'api' } }, eraser)
    return (await upload(api, { csv: file(rows.other, rows.otherForm, rows.refused), list: 'later' })).body
  }

  test('leaves nothing of her in rows, reports and queues, and the others as they were', async () => {
    const eraser = await start()
    const reported = await importWhole(eraser, { csv: file(rows.refused, rows.national, rows.bad), list: 'whatsapp' })
    const queued = await queue(eraser)
    expect(await found()).toEqual(expect.arrayContaining([email, '5512345678'].slice(0, queued === undefined ? 1 : 2)))
    const errors = async () => (await eraser.call('GET', `/imports/${reported.id}/errors`)).body.items
    expect((await errors()).map(({ row }: { row: number }) => row)).toEqual([1, 2, 3])

    const receipt = await erase(eraser)
    expect(await found()).toEqual([])
    expect(readdirSync(store.uploadFolder)).toEqual([])
    expect(receipt.gateway).toMatchObject({ status: 'done', importRowsErased: queued === undefined ? 2 : 4 })
    expect(Date.parse(receipt.gateway.heldUntil)).toBeGreaterThan(Date.now() + 6 * 86_400_000)

    expect(await errors()).toMatchObject([{ row: 3, value: 'nothing' }])
    const csv = (await eraser.call('GET', `/imports/${reported.id}/errors.csv`)).text
    expect(csv.trim().split(/\r?\n/)).toHaveLength(2)
    const kept = (await eraser.call('GET', `/imports/${reported.id}`)).body
    expect(kept.progress).toEqual(reported.progress)

    if (queued === undefined) return
    const worker = await start(later(eraser), eraser)
    const done = await untilDone(worker, queued.id)
    expect(done.progress.later).toMatchObject({ created: 1, skipped: 2, rejected: 0 })
    expect(done.skippedBecause).toEqual({ later: { suppressed: 2 } })
    expect(eraser.simulators.vobiz.contacts().map((contact) => contact.phone_number)).toEqual(['+525587654321'])
  })

  test('waits for what is being uploaded when it begins, however long that takes', async () => {
    const gateway = await start()
    const slow = openRaw(gateway)
    const send = (text: string) => slow.socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
    send(part(file(rows.other, rows.refused)))
    onTestFinished(() => void slow.socket.destroy())
    const comingIn = new Set(['import_places', 'cgw:imports:coming-in'])
    await vi.waitFor(async () =>
      expect((await storedPlaces(store.env)).some(({ place }) => comingIn.has(place))).toBe(true),
    )

    const headers = { 'idempotency-key': freshKey() }
    const { body } = await gateway.call('POST', '/erasures', { body: { phone, email }, headers })
    const read = async () => (await gateway.call('GET', `/erasures/${body.id}`)).body
    const isTried = (times: number) =>
      vi.waitFor(
        async () =>
          expect(
            (await read()).accounts.every(({ status, attempts }: Account) => status === 'by_hand' || attempts >= times),
          ).toBe(true),
        { timeout: 20_000, interval: 100 },
      )
    await isTried(1)
    vi.setSystemTime(Date.now() + minuteMs + 1_000)
    await isTried(2)
    // By now all imports would have been gone through for the second time.
    send(`\n${rows.otherForm}\n${lastBoundary}`)
    slow.socket.write('0\r\n\r\n')
    await vi.waitFor(() => expect(slow.received()).toContain(' 202 '), { timeout: 10_000 })
    expect((await read()).gateway.status).toBe('pending')
    expect(await found()).not.toEqual([])
    slow.socket.destroy()
    for (let minute = 0; minute < 2; minute++) {
      vi.setSystemTime(Date.now() + minuteMs)
      await vi.waitFor(async () => expect((await read()).gateway.importRowsErased).toBe(2), { timeout: 10_000 })
    }
    await vi.waitFor(async () => expect((await read()).gateway.status).toBe('done'), { timeout: 10_000 })
    await gateway.call('POST', `/erasures/${body.id}/accounts/oblic-main/done`, { body: { by: 'A. Durand' } })
    expect(await found()).toEqual([])
  })
})
