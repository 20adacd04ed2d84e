import { afterAll, beforeAll, expect, test } from 'vitest'
import { octopush } from '../../src/providers/octopush/index.ts'
import type { Account } from '../../src/providers/port.ts'
import { deleteContacts } from '../../src/services/remove-contact.ts'
import { createOctopushSimulator, defaultOctopushCredentials } from '../../src/simulators/octopush.ts'
import { accountAt } from '../support/account-at.ts'

const simulator = createOctopushSimulator()
let account: Account
beforeAll(async () => {
  await simulator.listen()
  account = accountAt(octopush, simulator.baseUrl, { ...defaultOctopushCredentials }, { optOutFlag: 'none' })
})
afterAll(async () => {
  await account.channel.close()
  await simulator.close()
})

test('450 contacts are deleted in chunks of 200, in their order, and a failure ends it', async () => {
  const keys = Array.from({ length: 450 }, (_, i) => `+336${String(12_000_000 + i)}`)
  const context = () => ({ deadlineAt: performance.now() + 10_000, log: { debug() {}, error() {} } })
  const sent = () =>
    simulator.requests().map(({ body }) => (body as { readonly phone_numbers: readonly string[] }).phone_numbers)

  expect(await deleteContacts(account, keys, context())).toEqual({ ok: undefined })
  expect(sent().map(({ length }) => length)).toEqual([200, 200, 50])
  expect(sent().flat()).toEqual(keys)

  simulator.reset()
  simulator.setBehaviour({ rules: [{ times: 1 }, { status: 401 }] })
  expect(await deleteContacts(account, keys, context())).toMatchObject({ failure: { kind: 'credentials' } })
  expect(sent()).toHaveLength(2)
})
