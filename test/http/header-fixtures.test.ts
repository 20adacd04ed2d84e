import { parse } from 'csv-parse/sync'
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

/** Those with a number or an address in them, as the file has it. */
const damageable = headerFixtures().flatMap(([name, fixture]) => {
  const text = Buffer.from(fixture.csv).toString()
  const { email, phone = '' } = fixture.contacts[0] ?? {}
  const [cell, damaged] = email !== undefined && text.includes(email) ? [email, 'no-address'] : [phone, '9'.repeat(18)]
  return cell !== '' && text.includes(cell) ? [{ name, fixture, text, cell, damaged }] : []
})

test('nearly all of them have such a cell', () => {
  expect(damageable.length).toBeGreaterThan(headerFixtures().length * 0.9)
})

test.each(damageable)('the report on $name, mended, sends what was missing and nothing else', async (given) => {
  const { text, cell, damaged, fixture } = given
  const { options = {} } = fixture
  const whole = await importWhole(gateway, { csv: text, options })
  const all = held()
  reset()
  const done = await importWhole(gateway, { csv: text.replaceAll(cell, damaged), options })
  const bad = Object.values<Record<string, number>>(done.progress).map(({ rejected = 0 }) => rejected)
  const report = (await gateway.call('GET', `/imports/${done.id}/errors.csv`)).text
  const [, named = '', delimiter = ''] = /^(.*?(.)_row)\2_account\2_status/m.exec(report) ?? []
  const headerOf = (csv: string) => parse(csv, { delimiter, to: 1, bom: true, relax_quotes: true })[0] as string[]
  expect(headerOf(named)).toEqual([...headerOf(text), '_row'])

  const again = await importWhole(gateway, { csv: report.replaceAll(damaged, cell), options })
  expect(again.rows).toBe(Math.max(...bad))
  expect(held().map(sorted)).toEqual(all.map(sorted))
  expect(whole.rows).toBe(fixture.contacts.length)
})

function sorted(contacts: readonly unknown[]): readonly string[] {
  return contacts.map((contact) => JSON.stringify(contact)).toSorted()
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
