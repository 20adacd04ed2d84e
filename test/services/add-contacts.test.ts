import { expect, test } from 'vitest'
import type { Account } from '../../src/providers/account.ts'
import { oblic } from '../../src/providers/oblic/index.ts'
import type { ContactList, Destination } from '../../src/services/catalog/catalog.ts'
import { addContacts, type BatchHistory, prepareBatch } from '../../src/services/contacts/add-contacts.ts'
import { createListKeeper } from '../../src/services/delivery/list-keeper.ts'
import { KeyRefused, LeaseLost } from '../../src/services/idempotency/idempotency.ts'
import { StoreUnavailable } from '../../src/services/store-port.ts'
import { createAccount } from '../providers/execute-account.ts'
import { createManualClock } from '../providers/execute-clock.ts'

const logged: object[] = []
const log = { debug() {}, error: (fields: object) => logged.push(fields) }

/** An account at Oblic that takes two contacts per call; `send` is told the number of the call. */
function accountAt(id: string, send: (call: number) => void = () => {}) {
  const success = { status: 200, text: '{"status":"success"}' } as const
  const { account } = createAccount(createManualClock(), (call) => {
    send(call)
    return { ...success, retryAfter: undefined }
  })
  const at: Account = { ...account, id, adapter: oblic, batchSize: 2, maxConcurrency: 1, isolateRejected: false }
  const target = { list: 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7' }
  return { account: at, target, fields: oblic.fields({}) } as Destination
}

async function add(targets: readonly Destination[], mark?: BatchHistory['mark']) {
  const contacts = Array.from({ length: 6 }, (_, n) => ({ name: `Contact ${n}`, email: `contact-${n}@example.com` }))
  const list = { id: 'mail', title: 'Mail', targets } as unknown as ContactList
  const batch = prepareBatch({ list, contacts, onConflict: 'update', from: undefined })
  const history = mark && { earlier: undefined, mark }
  const context = { deadlineAt: 60_000, log }
  const { results } = await addContacts(batch, history, createListKeeper(), context)
  return targets.map((_, place) =>
    results.map(({ outcomes }) => {
      const { status, error } = outcomes[place] ?? {}
      return error === undefined ? status : `${status}: ${error.code}, ${error.retriable}`
    }),
  )
}

test('a defect at one call touches neither the other calls of its account nor other accounts, and is logged', async () => {
  logged.length = 0
  const failing = accountAt('failing', (call) => {
    if (call === 2) throw new Error('a defect')
  })
  const [atFailing, atOther] = await add([failing, accountAt('other')])
  const lost = 'unknown: internal, false'
  expect(atFailing).toEqual(['accepted', 'accepted', lost, lost, 'accepted', 'accepted'])
  expect(new Set(atOther)).toEqual(new Set(['accepted']))
  expect(logged).toEqual([{ err: expect.objectContaining({ stack: expect.stringContaining('a defect') }) }])
})

test.each([
  ['the store is away', new StoreUnavailable('away'), 'failed: store_unavailable, true'],
  ['the store has a defect', new Error('a defect'), 'failed: store_unavailable, true'],
  ['another owner has the key', new LeaseLost(), 'unknown: taken_over, true'],
])('a call that cannot be noted since %s is not made; what was made before stays known', async (_why, error, state) => {
  const sent: number[] = []
  let notes = 0
  const [states] = await add([accountAt('oblic', (call) => sent.push(call))], async () => {
    notes++
    if (notes === 2) throw error
  })
  expect(states).toEqual(['accepted', 'accepted', state, state, 'accepted', 'accepted'])
  expect(sent).toEqual([1, 2])
})

test.each([
  ['unavailable', new StoreUnavailable('away')],
  ['running', new LeaseLost()],
] as const)(
  'where not one call can be noted the whole request is refused (%s), with nothing sent',
  async (reason, error) => {
    const sent: number[] = []
    const targets = ['one', 'two'].map((id) => accountAt(id, (call) => sent.push(call)))
    const refused = add(targets, async () => {
      throw error
    })
    await expect(refused).rejects.toBeInstanceOf(KeyRefused)
    await expect(refused).rejects.toMatchObject({ reason })
    expect(sent).toEqual([])
  },
)
