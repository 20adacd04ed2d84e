import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { headerFixtures } from '../support/header-fixtures.ts'
import { importWhole } from '../support/import-calls.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
beforeEach(reset)
afterAll(() => gateway.close())

function reset(): void {
  const { oblic, octopush, vobiz } = gateway.simulators
  for (const simulator of [oblic, octopush, vobiz]) simulator.reset()
}

/** What each provider holds, but for what differs from one time to the next. */
function held(): readonly unknown[][] {
  const { oblic, octopush, vobiz } = gateway.simulators
  const each = [oblic.contacts(), octopush.contacts(), vobiz.contacts()] as const
  const isOfTime = (name: string) => /^(?:id|.*_id|.*_at|.*At|sends)$/.test(name)
  return each.map((contacts) => contacts.map((contact) => Object.entries(contact).filter(([name]) => !isOfTime(name))))
}

test.each(headerFixtures())('%s leaves at each provider what its contacts leave as JSON', async (_name, fixture) => {
  const { csv, options = {}, contacts } = fixture
  const done = await importWhole(gateway, { csv, options })
  const asFile = held()
  reset()
  const { status, body } = await gateway.call('POST', '/lists/newsletter/contacts', { body: { ...options, contacts } })
  expect([200, 207], JSON.stringify(body)).toContain(status)
  expect(asFile).toEqual(held())
  expect(done.rows).toBe(contacts.length)
  // Each provider wants a name.
  const isNamed = contacts.some(({ name, firstName, lastName }) => (name ?? firstName ?? lastName) !== undefined)
  expect(asFile.flat().length > 0).toBe(isNamed)
})
