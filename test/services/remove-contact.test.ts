import { afterAll, beforeAll, expect, test } from 'vitest'
import { octopush } from '../../src/providers/octopush/index.ts'
import { createPolicies } from '../../src/providers/policies.ts'
import type { Account } from '../../src/providers/port.ts'
import { deleteContacts } from '../../src/services/remove-contact.ts'
import { createOctopushSimulator, defaultOctopushCredentials } from '../../src/simulators/octopush.ts'
import { openChannel } from '../../src/transport/connect.ts'

const simulator = createOctopushSimulator()
let account: Account
beforeAll(async () => {
  await simulator.listen()
  const credentials = { ...defaultOctopushCredentials }
  const breaker = { failureRate: 0.5, minimumCalls: 20, windowMs: 10_000, openMs: 10_000 }
  const policy = { id: 'o', maxConcurrency: 2, timeoutMs: 5_000, retries: 0, requestsPerSecond: undefined, breaker }
  account = {
    id: 'o',
    adapter: octopush,
    settings: { optOutFlag: 'none' },
    batchSize: undefined,
    maxConcurrency: 2,
    timeoutMs: 5_000,
    isolateRejected: true,
    createLists: true,
    settleAfterMs: 0,
    defaultTarget: undefined,
    policies: createPolicies(policy),
    channel: openChannel({
      baseUrl: simulator.baseUrl,
      authHeaders: octopush.authHeaders(credentials),
      secrets: Object.values(credentials),
      maxConcurrency: 2,
    }),
  }
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
