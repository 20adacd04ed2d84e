import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import {
  act,
  type CellPlace,
  contactsIn,
  type Heard,
  importTo,
  isAdding,
  type Operation,
  operationsOf,
  prepare,
  reads,
} from '../support/answer-cells.ts'
import { type AnswerKind, type AnswerKindName, answerKinds } from '../support/answer-kinds.ts'
import { allowedIn, isTried } from '../support/answer-table.ts'
import { endsOf, liesIn, type Stock, stateOf, takeStockOf } from '../support/answer-truth.ts'
import { contactSource, type TestContact } from '../support/contact-source.ts'
import { isLongRun } from '../support/long-run.ts'
import { type OddRule, type OddWay, startOddWay } from '../support/odd-way.ts'
import { accountOf, type Provider, providers } from '../support/start-fleet.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * The third axis of the fault matrix: answers that differ from the documented ones, for each operation and provider. A fault
 * keeps an answer away (`fault-matrix.test.ts`); here one comes, and is not what it should be: another code, no body or
 * another one, a body that says the opposite of its code, somebody else, a page of a proxy, odd wires. The kinds are in
 * `answer-kinds.ts`: the provider has done what it was asked and its answer is changed on the way, or somebody else answers
 * and it was never asked. What may be claimed, and how many calls it may take, is in `answer-table.ts`; whatever was
 * claimed is compared with what the provider has in the end (`answer-truth.ts`): nobody is created, changed, gone or on a
 * page who is not, nobody is failed or rejected who is there, nobody is sent twice where that does harm, and nothing of
 * another person is shown. Each cell has an account, a list and a way to its provider of its own, and all go at once.
 * `LONG_RUN=1`: every cell, where else kinds that end alike share the operations among them.
 */
type Cell = CellPlace & { readonly title: string; readonly kind: AnswerKindName }
type Result = { readonly heard: Heard; readonly calls: number }

const source = contactSource(100_000)
const kinds: Readonly<Record<AnswerKindName, AnswerKind>> = answerKinds
const names = Object.keys(kinds) as AnswerKindName[]
const cells: readonly Cell[] = names.flatMap((kind, row) => {
  const toImport = source(contactsIn('import'))
  const cell = (provider: Provider, operation: Operation): Cell => ({
    id: `c${row}-${operation}-${provider}`,
    title: `${kind}: ${operation} at ${provider}`,
    kind,
    provider,
    operation,
    contacts: operation === 'import' ? toImport : source(contactsIn(operation)),
  })
  const { only = providers } = kinds[kind]
  const operations = (provider: Provider) =>
    operationsOf[provider].filter((operation, nth) => isLongRun || isTried(kind, provider, operation, nth))
  return only.flatMap((provider) => operations(provider).map((operation) => cell(provider, operation)))
})
const importsOf = (kind: AnswerKindName) => cells.filter((cell) => cell.kind === kind && cell.operation === 'import')
const imported = names.filter((kind) => importsOf(kind).length > 0)
const importList = (kind: AnswerKindName) => `import-${names.indexOf(kind)}`

let gateway: TestGateway
let simulators: RunningSimulators
let way: OddWay
let stock: Stock
const results = new Map<Cell, Result>()
const errors = new Map<Cell, unknown>()

beforeAll(async () => {
  simulators = await startSimulators()
  way = await startOddWay()
  const { accounts, lists } = gatewayDocument(simulators)
  const breaker = { failureRate: 1, minimumCalls: 100_000, windowMs: 600_000, openMs: 1_000 }
  const limits = { timeoutMs: 30_000, settleAfterMs: 0, retries: 1, breaker }
  const accountAt = ({ id, provider }: Cell) => {
    const account = accounts[accountOf[provider]]
    return [id, { ...account, ...limits, baseUrl: way.baseUrl(id, account.baseUrl) }]
  }
  const [oblic] = lists.newsletter.targets
  const targetAt = ({ id, provider }: Cell) => ({
    ...{ oblic, octopush: { list: id }, vobiz: { tag: id } }[provider],
    account: id,
  })
  const ownLists = cells.map((cell) => [cell.id, { targets: [targetAt(cell)] }])
  const importLists = imported.map((kind) => [importList(kind), { targets: importsOf(kind).map(targetAt) }])
  gateway = await startGateway(
    {
      limits: { importsPerClient: imported.length, streamsPerClient: imported.length, deadlineMs: 90_000 },
      accounts: Object.fromEntries(cells.map(accountAt)),
      lists: Object.fromEntries([...ownLists, ...importLists]),
    },
    simulators,
  )
  const work = cells.filter(({ operation }) => operation !== 'import').values()
  const lane = async () => {
    for (const cell of work) await run(cell)
  }
  await Promise.all([...imported.map(runImport), ...Array.from({ length: 16 }, lane)])
  stock = takeStockOf(simulators)
}, 300_000)
afterAll(async () => {
  await gateway?.close()
  await way?.close()
  await simulators?.close()
})

async function run(cell: Cell): Promise<void> {
  try {
    const ids = isAdding(cell.operation) ? [] : await prepare(gateway, cell)
    way.set(cell.id, ...rulesOf(cell))
    const heard = await act(gateway, cell, ids)
    results.set(cell, { heard, calls: way.requests(cell.id).length })
  } catch (error) {
    errors.set(cell, error)
  }
}

async function runImport(kind: AnswerKindName): Promise<void> {
  const places = importsOf(kind)
  try {
    for (const cell of places) way.set(cell.id, ...rulesOf(cell))
    const all = await importTo(gateway, importList(kind), places)
    for (const [index, cell] of places.entries())
      results.set(cell, { heard: all[index] as Heard, calls: way.requests(cell.id).length })
  } catch (error) {
    for (const cell of places) errors.set(cell, error)
  }
}

const isRead = (method: string) => method === 'GET'
const isWrite = (method: string, path: string) => method !== 'GET' && !path.endsWith('/contact-list/create')

/** The answers to what the operation is about differ; those to all else are as documented. */
function rulesOf({ kind, operation }: Cell): readonly OddRule[] {
  const rule = { ...kinds[kind], strikes: reads(operation) ? isRead : isWrite }
  return operation === 'settle' ? [{ ...kinds['a page, after it was done'], strikes: isWrite }, rule] : [rule]
}

describe('an answer that is not the documented one', () => {
  test.each(cells.map((cell): [string, Cell] => [cell.title, cell]))('%s', (_title, cell) => {
    expect(errors.get(cell)).toBeUndefined()
    const { heard, calls } = results.get(cell) as Result
    const { hides = false, passesOn } = kinds[cell.kind]
    expect(liesIn(cell, heard, stock, { believes: hides })).toEqual([])
    const allowed = allowedIn(cell.kind, cell.provider, cell.operation)
    expect(heard.words.filter((word) => !allowed.words.includes(word))).toEqual([])
    expect(calls).toBeLessThanOrEqual(allowed.calls)
    expect(endsOf(cell, heard, { passesOn, believes: hides })).toContain(stateOf(cell, stock))
  })
})

test('the check finds what is not so', () => {
  const [cell] = cells.filter(({ operation, provider }) => operation === 'add' && provider === 'oblic')
  const [other] = cells.filter(({ operation, kind }) => operation === 'delete' && kind === 'as documented')
  const liesOf = (about: Cell | undefined, word: string, { text = '', has = stock } = {}) =>
    liesIn(about as Cell, { words: [word], text }, has, { believes: false })
  const nobody: Stock = () => undefined
  expect(liesOf(cell, 'accepted', { has: nobody })).toEqual(['accepted, and not there'])
  for (const word of ['failed', 'rejected']) expect(liesOf(cell, word)).toEqual([`${word}, and there`])
  for (const word of ['failed', 'rejected']) expect(liesOf(other, word)).toEqual([`${word}, and none`])
  expect(liesOf(other, 'gone', { has: () => stock('oblic', (cell as Cell).contacts[0] as TestContact) })).toHaveLength(
    1,
  )
  expect(liesOf(other, 'unknown', { text: 'Zebedee' })).toEqual(['shows zebedee'])
})
