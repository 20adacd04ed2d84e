import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contactSource, freshKey, type TestContact } from '../support/contact-source.ts'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { type Fault, faults } from '../support/fault-table.ts'
import { untilDone, upload } from '../support/import-calls.ts'
import type { Answer } from '../support/start-gateway.ts'
import { createPigeonSimulator, pigeonCredentials } from './pigeon-simulator.ts'
import { type PigeonGateway, startPigeon } from './start-pigeon.ts'

/**
 * The made-up provider's cells of the fault matrix: what a caller hears, how often the provider is told and what it then
 * holds. Adding is an upsert there, so that it is told again; it says nothing of its own accord of who it has.
 */
type Operation = 'single' | 'bulk' | 'import'
type Cell = {
  readonly id: string
  readonly fault: Fault
  readonly operation: Operation
  readonly key: string | undefined
  readonly contacts: readonly TestContact[]
}

const source = contactSource()
const cells = faults.flatMap((fault, row) =>
  (['single', 'bulk', 'import'] as const).flatMap((operation) =>
    [true, false].map((keyed): [string, Cell] => {
      const id = `cell-${row}-${operation}-${keyed ? 'keyed' : 'bare'}`
      const contacts = source(operation === 'single' ? 1 : 2).map((contact) => ({ ...contact, name: id }))
      const title = `${fault.name}, ${operation}, ${keyed ? 'with a key' : 'without a key'}`
      return [title, { id, fault, operation, key: keyed ? freshKey() : undefined, contacts }]
    }),
  ),
)

const simulator = createPigeonSimulator()
const ways = new Map<string, FaultProxy>()
const broken = new Set(cells.map(([, cell]) => cell))
let gateway: PigeonGateway
/** Imports take their time over a provider that fails: all of them begin at once. */
const imports = new Map<Cell, Promise<Answer>>()

beforeAll(async () => {
  await simulator.listen()
  const accounts: [string, object][] = []
  for (const [, { id, operation }] of cells) {
    const way = await startFaultProxy(Number(new URL(simulator.url).port))
    ways.set(id, way)
    const account = {
      provider: 'pigeon',
      credentials: pigeonCredentials,
      baseUrl: `http://127.0.0.1:${way.port}/v3`,
      timeoutMs: 600,
      breaker: { failureRate: 1, minimumCalls: 100_000, windowMs: 600_000, openMs: 1_000 },
      ...(operation === 'single' && { defaultList: id }),
    }
    accounts.push([id, account])
  }
  gateway = await startPigeon(
    {},
    {
      limits: { importsPerClient: cells.length },
      accounts: Object.fromEntries(accounts) as Record<string, Record<string, unknown>>,
      lists: Object.fromEntries(cells.map(([, { id }]) => [id, { targets: [{ account: id, list: id }] }])),
    },
  )
  strike()
  for (const [, { id, fault }] of cells)
    if ('proxy' in fault.how) await ways.get(id)?.set({ ...fault.how.proxy, only: isAdding })
  for (const [, cell] of cells) if (cell.operation === 'import') imports.set(cell, send(cell))
})
afterAll(async () => {
  await gateway?.close()
  await Promise.all([...ways.values()].map((way) => way.close()))
  await simulator.close()
})

const isAdding = /^POST \S+\/members /
const writes = ({ id }: Cell) => (ways.get(id)?.requests() ?? []).filter((line) => isAdding.test(`${line} `)).length
const held = ({ contacts }: Cell) => {
  const emails = new Set(simulator.contacts().map(({ email }) => email))
  return contacts.map(({ email }) => emails.has(email.toLowerCase()))
}

/** The faults that are the provider's own strike what adds a contact of the cell. */
function strike(): void {
  const rules = [...broken].flatMap(({ id, fault: { how } }) =>
    'simulator' in how ? [{ ...how.simulator, match: { operation: 'add', body: id } }] : [],
  )
  simulator.setBehaviour({ rules } as object)
}

async function heal(cell: Cell): Promise<void> {
  broken.delete(cell)
  strike()
  await ways.get(cell.id)?.set()
}

function send({ id, operation, key, contacts }: Cell): Promise<Answer> {
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key }
  if (operation === 'single') return gateway.call('POST', `/contacts?account=${id}`, { body: contacts[0], headers })
  if (operation === 'bulk') return gateway.call('POST', `/lists/${id}/contacts`, { body: { contacts }, headers })
  const csv = ['name,email,phone', ...contacts.map(({ name, email, phone }) => `${name},${email},${phone}`)].join('\n')
  return upload(gateway, { list: id, csv, headers })
}

async function tell({ id, operation }: Cell, { status, body }: Answer): Promise<readonly string[]> {
  if (operation === 'import') {
    expect(status).toBe(202)
    const done = await untilDone(gateway, body.id)
    const counts = Object.entries(done.progress[id] as Record<string, number>)
    return counts.flatMap(([state, count]) => Array<string>(count).fill(state))
  }
  if (operation === 'bulk') {
    expect(status).toBe(207)
    return body.results.map(({ outcomes: [{ status: state }] }: Answer['body']) => state)
  }
  if (status < 300) return [body.status]
  expect([503, 504]).toContain(status)
  return [status === 504 ? 'unknown' : 'failed']
}

/** When all is well again the same request under the same key ends it; an import had its end, and is the same one. */
async function repeat(cell: Cell, first: Answer): Promise<void> {
  await heal(cell)
  const before = writes(cell)
  const again = await send(cell)
  if (cell.operation === 'import') {
    expect([again.headers.get('idempotency-replayed'), again.text]).toEqual(['true', first.text])
    expect(await tell(cell, again)).toEqual(await tell(cell, first))
    expect(writes(cell)).toBe(before)
    return
  }
  for (const last of await tell(cell, again)) expect(['created', 'updated']).toContain(last)
  expect(held(cell)).toEqual(cell.contacts.map(() => true))
}

/** Imports last: who waits for them holds up no others. */
const inTurn = cells.toSorted(
  ([, one], [, other]) => Number(one.operation === 'import') - Number(other.operation === 'import'),
)

describe('a fault', () => {
  test.concurrent.for(inTurn)('%s', { timeout: 90_000 }, async ([, cell]) => {
    const { fault, operation, contacts } = cell
    // As another provider whose adding can be repeated, and that cannot be asked.
    const [state, ofOneCall, ofImport] = fault.expected.octopush
    const answer = await (imports.get(cell) ?? send(cell))
    expect(await tell(cell, answer)).toEqual(contacts.map(() => state))
    expect(held(cell)).toEqual(contacts.map(() => fault.applied))
    if (fault.name !== 'refuse') expect(writes(cell)).toBe(operation === 'import' ? ofImport : ofOneCall)
    if (cell.key !== undefined) await repeat(cell, answer)
  })
})
