import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { boundary, lastBoundary, part } from '../support/import-calls.ts'
import { limitFileSize } from '../support/limit-file-size.ts'
import { isLongRun } from '../support/long-run.ts'
import { untilFree } from '../support/repeat.ts'
import { type Fleet, type Replica, type Reply, startFleet } from '../support/start-fleet.ts'

/**
 * A gateway with the embedded store whose files may not grow beyond a size: what its uploads, its log of writes and its
 * database get on the disk ends there, in the middle of a write. At whatever size: either every row is there in the end,
 * or the answer is a named 5xx and nothing was made or sent; and with the limit gone the same request is done, by itself.
 *
 * `LONG_RUN=1`: at every write that the request makes; else at some of them.
 */
const rows = isLongRun ? 150 : 40
/** A write is a page of the database, or the head of one, in the log. */
const pageBytes = 4096 + 24

let personCount = 0
const nextPeople = () => {
  const first = personCount
  personCount += rows
  return Array.from({ length: rows }, (_, n) => {
    const id = String(first + n).padStart(7, '0')
    // No number that the simulators have a meaning for.
    return { name: `Row ${id}`, email: `row-${id}@example.com`, phone: `+9198${id}5` }
  })
}
type People = ReturnType<typeof nextPeople>

type Sent = (replica: Replica, people: People, key?: string) => Promise<Reply>

/** Again while the machine is busy with other things, or a lease goes on: that says nothing of the disk. */
const free =
  (send: Sent): Sent =>
  (...parts) =>
    untilFree(() => send(...parts))

const keyed = (key?: string) => (key === undefined ? {} : { 'idempotency-key': key })
const ways: Record<string, Sent> = {
  'a file': (replica, people, key) =>
    replica.call('POST', '/lists/newsletter/imports', {
      raw: `${part(`name,email,phone\n${people.map(({ name, email, phone }) => `${name},${email},${phone}\n`).join('')}`)}${lastBoundary}`,
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, ...keyed(key) },
    }),
  'a batch that is answered later': (replica, people, key) =>
    replica.add(people, { headers: { prefer: 'respond-async', ...keyed(key) } }),
}

describe.each(Object.keys(ways))('%s', (way) => {
  const send = free(ways[way] as Sent)
  // What one test made and sent, the other one leaves as it is.
  let fleet: Fleet
  beforeAll(async () => {
    fleet = await startFleet({
      store: { leaseMs: 2_000 },
      limits: { importsPerClient: 10_000, overloadDelayMs: 60_000 },
    })
    return fleet.close
  })

  test.each([
    ['without a key', false],
    ['under a key', true],
  ])('%s is there as a whole, or not at all', { timeout: isLongRun ? 1_200_000 : 60_000 }, async (_how, isKeyed) => {
    const replica = fleet.nth(0)
    const database = new DatabaseSync(join(fleet.dataDir, 'gateway.db'))
    onTestFinished(() => database.close())
    const tally = { accepted: 0, refused: 0 }
    let contacts = heldBy(fleet)[0] as number

    const sizes = await sizesOfOne(fleet, replica, database, send)
    contacts += rows
    for (const size of sizes) {
      const people = nextPeople()
      const key = isKeyed ? `full-disk-${way.length}-${size}-abcdefgh` : undefined
      await emptyLog(database)
      const before = await importIds(replica)
      limitFileSize(replica.pid, size)
      const answer = await send(replica, people, key)
      limitFileSize(replica.pid)
      if (answer.status === 202) {
        tally.accepted++
        await ended(replica, answer.body.id)
      } else {
        tally.refused++
        expect([size, answer.status, answer.body.retriable]).toEqual([size, 503, true])
        expect(['store-unavailable', 'idempotency-unavailable']).toContain(answer.body.code)
        expect([size, await importIds(replica)]).toEqual([size, before])
        expect([size, heldBy(fleet)]).toEqual([size, [contacts, contacts, contacts]])
        await expect.poll(async () => (await send(replica, people, key)).status, { timeout: 10_000 }).toBe(202)
      }
      if (key !== undefined) {
        // Where the disk took the import and not the answer, a repeat finds the import when the lease is over.
        const again = await send(replica, people, key)
        expect([size, again.status, again.headers['idempotency-replayed']]).toEqual([size, 202, expect.any(String)])
      }
      const ids = await importIds(replica)
      expect([size, ids.length]).toEqual([size, before.length + 1])
      const [id] = ids
      const done = await ended(replica, id as string)
      const errors = (await replica.call('GET', `/imports/${id}/errors?limit=3`)).body.items
      expect([size, done.status, done.rows, errors]).toEqual([size, 'completed', rows, []])
      contacts += rows
      expect([size, heldBy(fleet)]).toEqual([size, [contacts, contacts, contacts]])
    }
    console.log(`${way} ${_how}: ${sizes.length} sizes, ${tally.refused} refused, ${tally.accepted} accepted`)
    expect(tally.refused).toBeGreaterThan(0)
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    expect(replica.output()).not.toContain('a defect')
    await expect.poll(async () => (await replica.call('GET', '/readyz')).status).toBe(200)
  })
})

test('an import that runs when the disk fills goes on when there is room, and loses or repeats no row', {
  timeout: isLongRun ? 1_200_000 : 60_000,
}, async () => {
  const fleet = await startFleet({ store: { leaseMs: 10_000 }, limits: { importsPerClient: 10_000 } })
  onTestFinished(fleet.close)
  const replica = fleet.nth(0)
  const database = new DatabaseSync(join(fleet.dataDir, 'gateway.db'))
  onTestFinished(() => database.close())
  const send = free(ways['a file'] as Sent)
  const failures = () => replica.output().split('"event":"store","up":false').length
  let contacts = 0
  let struck = 0
  const sizes = await sizesOfOne(fleet, replica, database, send)
  contacts += rows
  for (const size of sizes) {
    await emptyLog(database)
    const before = failures()
    const { body } = await send(replica, nextPeople())
    limitFileSize(replica.pid, size)
    const isOver = async () => (await replica.call('GET', `/imports/${body.id}`)).body.finishedAt !== undefined
    await expect.poll(async () => failures() > before || (await isOver()), { timeout: 20_000 }).toBe(true)
    if (failures() > before) struck++
    limitFileSize(replica.pid)
    const done = await ended(replica, body.id)
    expect([size, done.status, done.rows]).toEqual([size, 'completed', rows])
    contacts += rows
    expect([size, heldBy(fleet)]).toEqual([size, [contacts, contacts, contacts]])
  }
  console.log(`while it runs: ${sizes.length} sizes, ${struck} struck`)
  expect(struck).toBeGreaterThan(0)
  expect(fleet.simulators.oblic.contacts().filter(({ sends }) => sends !== 1)).toEqual([])
})

/** The sizes at which one of the writes of a request is cut: in the head, and in the middle of a page. */
async function sizesOfOne(fleet: Fleet, replica: Replica, database: DatabaseSync, send: Sent): Promise<number[]> {
  await emptyLog(database)
  const answer = await send(replica, nextPeople())
  expect([answer.status, answer.text]).toEqual([202, expect.any(String)])
  const { log } = database.prepare('PRAGMA wal_checkpoint').get() as { log: number }
  await ended(replica, answer.body.id)
  expect(readFileSync(join(fleet.dataDir, 'gateway.db')).length).toBeGreaterThan(0)
  const every = Array.from({ length: log }, (_, page) => [
    32 + page * pageBytes + 12,
    32 + page * pageBytes + 2_000,
  ]).flat()
  const chosen = isLongRun ? every : every.filter((_, place) => place % Math.ceil(every.length / 3) === 1)
  return [0, ...chosen]
}

/** From here on the log of the store begins at the beginning of its file. */
async function emptyLog(database: DatabaseSync): Promise<void> {
  // The process may be reading, sweeping or emptying it itself just now, which no timeout waits for.
  const empty = () => database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
  await expect.poll(empty, { timeout: 20_000 }).toMatchObject({ busy: 0 })
}

async function importIds(replica: Replica): Promise<string[]> {
  const ids: string[] = []
  for (let cursor = ''; ; ) {
    const page = await replica.call('GET', `/imports?limit=100${cursor && `&cursor=${cursor}`}`)
    expect(page.status).toBe(200)
    ids.push(...page.body.items.map(({ id }: { id: string }) => id))
    if (page.body.nextCursor === undefined || page.body.nextCursor === null) return ids
    cursor = encodeURIComponent(page.body.nextCursor)
  }
}

async function ended(replica: Replica, id: string): Promise<Reply['body']> {
  const state = async () => (await replica.call('GET', `/imports/${id}`)).body
  await expect.poll(async () => (await state()).finishedAt, { timeout: 20_000 }).toBeDefined()
  return state()
}

function heldBy({ simulators: { oblic, octopush, vobiz } }: Fleet): number[] {
  return [oblic, octopush, vobiz].map((simulator) => simulator.counts().total)
}
