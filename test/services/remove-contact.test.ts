import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '../../src/providers/account.ts'
import { octopush } from '../../src/providers/octopush/index.ts'
import { deleteContacts } from '../../src/services/contacts/remove-contact.ts'
import { createOctopushSimulator, defaultOctopushCredentials } from '../../src/simulators/octopush.ts'
import { accountAt } from '../support/account-at.ts'
import { type Said, startOddProvider } from '../support/odd-provider.ts'

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

describe('a deletion of too many at once', () => {
  const most = 30
  const forms: [name: string, said: Said][] = [
    ['by its own code', { status: 400, body: { code: 305, message: 'too many contacts in the query' } }],
    ['by 413', { status: 413 }],
    ['by 413 of a proxy', { status: 413, body: '<html><title>413 Request Entity Too Large</title></html>' }],
    ['in words', { status: 422, body: { message: 'phone_numbers may not have more than 30 items' } }],
  ]
  const keys = Array.from({ length: 130 }, (_, i) => `+336${String(12_000_000 + i)}`)

  test.each(forms)('(%s) goes in halves, and the size is remembered', async (_name, said) => {
    const deleted: string[] = []
    const sizes: number[] = []
    const provider = await startOddProvider(({ body }) => {
      const numbers: string[] = JSON.parse(body).phone_numbers
      sizes.push(numbers.length)
      if (numbers.length > most) return said
      deleted.push(...numbers)
      return { status: 204 }
    })
    const own = accountAt(octopush, provider.url, { ...defaultOctopushCredentials }, { optOutFlag: 'none' })
    const context = () => ({ deadlineAt: performance.now() + 10_000, log: { debug() {}, error() {} } })
    expect(await deleteContacts(own, keys, context())).toEqual({ ok: undefined })
    expect(deleted).toEqual(keys)
    const before = sizes.length
    expect(await deleteContacts(own, keys, context())).toEqual({ ok: undefined })
    expect(Math.max(...sizes.slice(before))).toBeLessThanOrEqual(most)
    await own.channel.close()
    await provider.close()
  })

  test('of which one alone is refused ends with that', async () => {
    const provider = await startOddProvider(() => ({ status: 413 }))
    const own = accountAt(octopush, provider.url, { ...defaultOctopushCredentials }, { optOutFlag: 'none' })
    const context = { deadlineAt: performance.now() + 10_000, log: { debug() {}, error() {} } }
    expect(await deleteContacts(own, keys, context)).toMatchObject({ failure: { kind: 'tooLarge' } })
    await own.channel.close()
    await provider.close()
  })
})
