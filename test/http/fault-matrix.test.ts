import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureRules } from '../../src/domain/failure.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { expectReasons, expectSame, expectSilence } from '../support/check-explanation.ts'
import { contactSource, freshKey, type TestContact } from '../support/contact-source.ts'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { type Fault, faults } from '../support/fault-table.ts'
import { takeStock } from '../support/held-contacts.ts'
import { untilDone, upload } from '../support/import-calls.ts'
import { accountOf, type Provider, providers } from '../support/start-fleet.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * The fault matrix: what a caller hears, how often a provider is called and what it then holds, for each fault, operation
 * and provider, with an idempotency key and without. Every cell has an account, a list and a way to the provider of its
 * own, so that no budget, breaker or fault of one cell touches another. A fault strikes the writes alone, and lasts until
 * the cell is healed: what its provider can be asked, the gateway can ask.
 */

/**
 * A contact alone, to its account's default list where it can have one, or without one; a batch of one, a batch of two, a
 * file of two rows.
 */
type Operation = 'single' | 'listless' | 'one' | 'bulk' | 'import'
type Cell = {
  /** Names its account and its list, and stands in the names of its contacts. */
  readonly id: string
  readonly title: string
  readonly fault: Fault
  readonly operation: Operation
  readonly provider: Provider
  readonly key: string | undefined
  readonly contacts: readonly TestContact[]
}

const timeoutMs = 600
const source = contactSource()
const cells: readonly Cell[] = faults.flatMap((fault, row) =>
  (['single', 'listless', 'one', 'bulk', 'import'] as const).flatMap((operation) =>
    providers
      .filter((provider) => operation !== 'listless' || provider === 'octopush')
      .flatMap((provider) =>
        [true, false].map((keyed): Cell => {
          const id = `cell-${row}-${operation}-${provider}-${keyed ? 'keyed' : 'bare'}`
          const contacts = source(operation === 'bulk' || operation === 'import' ? 2 : 1).map((contact) => ({
            ...contact,
            name: id,
          }))
          const title = `${fault.name}, ${operation} to ${provider}, ${keyed ? 'with a key' : 'without a key'}`
          return { id, title, fault, operation, provider, key: keyed ? freshKey() : undefined, contacts }
        }),
      ),
  ),
)

let gateway: TestGateway
let simulators: RunningSimulators
const ways = new Map<Cell, FaultProxy>()
const broken = new Set(cells)
/** Imports take their time over a provider that fails: all of them begin at once. */
const imports = new Map<Cell, Promise<Answer>>()

beforeAll(async () => {
  simulators = await startSimulators()
  for (const cell of cells) ways.set(cell, await startFaultProxy(Number(new URL(simulators[cell.provider].url).port)))
  const { accounts, lists } = gatewayDocument(simulators)
  const entries = cells.map((cell) => {
    const account = accounts[accountOf[cell.provider]]
    const baseUrl = new URL(account.baseUrl)
    baseUrl.port = String(ways.get(cell)?.port)
    // A search that finds nobody is made again, unless `settleAfterMs` is 0: here it is made once.
    const limits = {
      timeoutMs,
      settleAfterMs: 0,
      breaker: { failureRate: 1, minimumCalls: 100_000, windowMs: 600_000, openMs: 1_000 },
    }
    const defaultList = cell.provider === 'octopush' && cell.operation !== 'listless' && { defaultList: 'newsletter' }
    return [cell.id, { ...account, ...limits, baseUrl: baseUrl.href.replace(/\/$/, ''), ...defaultList }]
  })
  const target = (cell: Cell) => lists.newsletter.targets[providers.indexOf(cell.provider)]
  gateway = await startGateway(
    {
      limits: { importsPerClient: cells.length },
      accounts: Object.fromEntries(entries),
      lists: Object.fromEntries(cells.map((cell) => [cell.id, { targets: [{ ...target(cell), account: cell.id }] }])),
    },
    simulators,
  )
  await breakAll()
  for (const cell of cells.filter(({ operation }) => operation === 'import')) imports.set(cell, send(cell))
})
afterAll(async () => {
  await gateway?.close()
  await Promise.all([...ways.values()].map((way) => way.close()))
  await simulators?.close()
})

const isWrite = /^POST \S+\/(?:add|contact\/create|contacts)(?: |$)/
const received = (cell: Cell) => ways.get(cell)?.requests() ?? []
const writes = (cell: Cell) => received(cell).filter((line) => isWrite.test(line)).length
/** The attempts that the gateway says it made, whether or not they got anywhere. */
const attempts = ({ id }: Cell) =>
  gateway
    .logged()
    .split(`"account":"${id}"`)
    .filter((after) => /^[^\n]*"attempt":\d/.test(after)).length

/** The cells' faults; the providers' own strike what holds the name of the cell. */
async function breakAll(): Promise<void> {
  for (const provider of providers) strike(provider)
  for (const cell of cells)
    if ('proxy' in cell.fault.how) await ways.get(cell)?.set({ ...cell.fault.how.proxy, only: isWrite })
}

function strike(provider: Provider): void {
  const rules = [...broken].flatMap(({ id, fault: { how }, provider: at }) =>
    at === provider && 'simulator' in how ? [{ ...how.simulator, match: { body: id } }] : [],
  )
  simulators[provider].setBehaviour({ rules } as object)
}

async function heal(cell: Cell): Promise<void> {
  broken.delete(cell)
  strike(cell.provider)
  await ways.get(cell)?.set()
}

function send({ id, operation, key, contacts }: Cell): Promise<Answer> {
  const headers: Record<string, string> = { prefer: 'explain', ...(key !== undefined && { 'idempotency-key': key }) }
  if (operation === 'single' || operation === 'listless')
    return gateway.call('POST', `/contacts?account=${id}`, { body: contacts[0], headers: { ...headers } })
  if (operation === 'bulk' || operation === 'one')
    return gateway.call('POST', `/lists/${id}/contacts`, { body: { contacts }, headers })
  const csv = ['name,email,phone', ...contacts.map(({ name, email, phone }) => `${name},${email},${phone}`)].join('\n')
  return upload(gateway, { list: id, csv, headers })
}

/** What a caller heard of each contact. `retriable` and `code` are there unless all is well. */
type Told = { readonly state: string; readonly code?: string; readonly retriable?: boolean }

async function tell({ operation }: Cell, { status, body, text }: Answer): Promise<readonly Told[]> {
  if (operation === 'bulk' || operation === 'one') {
    if (status !== 207) throw new Error(`${status} ${text}`)
    return body.results.map(({ outcomes: [{ status: state, error }] }: Answer['body']) =>
      error === undefined ? { state } : { state, code: error.code, retriable: error.retriable },
    )
  }
  if (operation === 'single' || operation === 'listless') return [toldOfOne(status, body)]
  if (status !== 202) throw new Error(`${status} ${text}`)
  const done = await untilDone(gateway, body.id)
  const report = await gateway.call('GET', `/imports/${body.id}/errors`)
  const [counts] = Object.values(done.progress) as Record<string, number>[]
  const well = Object.entries(counts ?? {}).flatMap(([state, count]) =>
    ['created', 'updated', 'skipped', 'accepted', 'pending'].includes(state) ? Array(count).fill({ state }) : [],
  )
  return [
    ...well,
    ...report.body.items.map((item: Told & { status: string }) => ({ state: item.status, code: item.code })),
  ]
}

const slugOf: Readonly<Record<string, string>> = { 'provider-busy': 'failed', 'outcome-unknown': 'unknown' }

function toldOfOne(status: number, body: Answer['body']): Told {
  if (status < 300) return { state: body.status }
  const state = slugOf[body.code] ?? body.code
  const expectedStatus = state === 'failed' ? 503 : 504
  // A problem names the cause in its text alone.
  const cause = Object.values(failureRules).find(({ detail }) => body.detail.startsWith(detail))
  return {
    state: status === expectedStatus ? state : `${status} ${state}`,
    ...(cause !== undefined && { code: cause.code }),
    retriable: body.retriable,
  }
}

/** What must hold whatever happened: nobody is denied, invented, or sent twice to where a second time would do harm. */
function lies({ provider, contacts }: Cell, told: readonly Told[]): string[] {
  const stock = takeStock(simulators)
  return contacts.flatMap((contact, index) => {
    const { state = '' } = told[index] ?? {}
    const isHeld = stock.holds(provider, contact)
    const sends = provider === 'oblic' ? stock.sends(contact.email) : 0
    return [
      ...(['created', 'updated', 'accepted'].includes(state) && !isHeld ? [`${state}, and not held`] : []),
      ...(['failed', 'rejected'].includes(state) && isHeld ? [`${state}, and held`] : []),
      ...(sends > 1 ? [`sent ${sends} times`] : []),
    ]
  })
}

const held = ({ provider, contacts }: Cell) => {
  const stock = takeStock(simulators)
  return contacts.map((contact) => stock.holds(provider, contact))
}

function expectedOf({ fault, operation, provider, contacts }: Cell) {
  const [state, ofOneCall, ofImport, asksOfOne = 0, asksOfImport = 0] = fault.expected[provider]
  const calls = writesOnce({ operation, provider, contacts })
  const retriable = state === 'failed' || provider !== 'oblic'
  const told: Told = {
    state,
    ...(state !== 'created' && { code: fault.code }),
    ...(state !== 'created' && operation !== 'import' && { retriable }),
  }
  const tried = operation === 'import' ? ofImport : ofOneCall * calls
  const asks = operation === 'import' ? asksOfImport : asksOfOne * calls
  const arrives = fault.name !== 'refuse'
  // Octopush's list is made first; where nobody listens that is all that is tried.
  const lists = arrives && provider === 'octopush' && operation !== 'listless' ? 1 : 0
  return {
    told: contacts.map(() => told),
    writes: arrives ? tried : 0,
    received: arrives ? tried + asks + lists : 0,
    attempts: tried + asks + lists,
  }
}

/** So many writes it takes when all is well. */
const writesOnce = ({ operation, provider, contacts }: Pick<Cell, 'operation' | 'provider' | 'contacts'>) =>
  operation === 'bulk' && provider === 'vobiz' ? contacts.length : 1

/** Imports last: who waits for them holds up no others. */
const inTurn = cells.toSorted((one, other) => Number(one.operation === 'import') - Number(other.operation === 'import'))

describe('a fault', () => {
  test.concurrent.for(inTurn.map((cell): [string, Cell] => [cell.title, cell]))(
    '%s',
    { timeout: 90_000 },
    async ([, cell]) => {
      const expected = expectedOf(cell)
      const answer = await (imports.get(cell) ?? send(cell))
      const told = await tell(cell, answer)
      expect({
        told,
        writes: writes(cell),
        received: received(cell).length,
        attempts: attempts(cell),
      }).toEqual(expected)
      expect(held(cell)).toEqual(cell.contacts.map(() => cell.fault.applied))
      expect(lies(cell, told)).toEqual([])
      if (cell.operation === 'import') await expectCounted(answer, expected.attempts)
      else await expectExplained(cell, answer, 0, { result: cell.key ? 'new' : 'none' })
      if (cell.key !== undefined) await repeat(cell, answer, expected.told[0] as Told)
    },
  )
})

const requestIdOf = ({ headers }: Answer) => headers.get('x-request-id') as string

/** What is counted of an import is what its calls have tried. */
async function expectCounted({ body }: Answer, attempts: number): Promise<void> {
  const { accounts } = (await gateway.call('GET', `/imports/${body.id}/explanation`)).body
  const counted = accounts[0].calls.map((calls: { attempts: number }) => calls.attempts)
  expect(counted.reduce((sum: number, count: number) => sum + count, 0)).toBe(attempts)
}

/** What is told of a request is what came to the provider; `from`: so many came before it. */
async function expectExplained(cell: Cell, answer: Answer, from: number, idempotency: object): Promise<void> {
  const { status, body } = await gateway.call('GET', `/requests/${requestIdOf(answer)}`)
  expect(status).toBe(200)
  expect(body).toMatchObject({ client: 'crm', status: answer.status, idempotency })
  if (cell.fault.name !== 'refuse' || from > 0) expectSame(body, ways.get(cell)?.arrivals().slice(from) ?? [])
  expectReasons(body)
  expectSilence(body, cell.contacts)
}

/** What was asked of the provider, whoever it was about. */
const asked = (cell: Cell) => received(cell).map((line) => line.replaceAll(/%2B\d+|[+]\d+|search=[^& ]*/g, '…'))

describe('a contact alone', () => {
  const alone = cells.filter(({ operation }) => operation === 'single')
  test.for(alone.map((cell): [string, Cell] => [cell.title, cell]))(
    'costs the calls of a batch of one: %s',
    ([, cell]) => {
      const batch = cells.find(({ id }) => id === cell.id.replace('-single-', '-one-')) as Cell
      expect(asked(cell).length).toBeGreaterThan(cell.fault.name === 'refuse' ? -1 : 0)
      expect(asked(cell)).toEqual(asked(batch))
    },
  )
})

/** When all is well again the same request under the same key ends it, and does nothing twice. */
async function repeat(cell: Cell, first: Answer, { state, retriable }: Told): Promise<void> {
  await heal(cell)
  const before = writes(cell)
  const arrived = received(cell).length
  const again = await send(cell)
  const isSettled = cell.operation === 'import' || state === 'created' || retriable === false
  if (isSettled) {
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.text).toBe(first.text)
    expect(writes(cell)).toBe(before)
  } else {
    // Of `failed` alone nothing is kept: the request is a new one.
    expect(again.headers.get('idempotency-replayed')).toBe(state === 'unknown' ? 'resumed' : null)
    const told = await tell(cell, again)
    for (const { state: last } of told) expect(['created', 'updated', 'accepted']).toContain(last)
    expect(held(cell)).toEqual(cell.contacts.map(() => true))
    // What Vobiz has by now it is not told again.
    expect(writes(cell) - before).toBe(writesOnce(cell))
  }
  if (cell.operation !== 'import') {
    const result = isSettled ? 'replayed' : state === 'unknown' ? 'resumed' : 'new'
    const firstRequest = result === 'new' ? {} : { firstRequest: requestIdOf(first) }
    await expectExplained(cell, again, arrived, { result, ...firstRequest })
  }
  expect(lies(cell, cell.operation === 'import' ? [] : await tell(cell, again))).toEqual([])
}
