import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Account } from '../../src/providers/account.ts'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { writeContact } from '../../src/services/delivery/write-contact.ts'
import { createVobizSimulator, defaultVobizCredentials } from '../../src/simulators/vobiz.ts'
import { contact } from '../providers/adapter-cases.ts'
import { accountAt } from '../support/account-at.ts'

/** Another request writes the same person, for longer than this one has time: what its own create has done stays true. */
const simulator = createVobizSimulator()
const settings = { emailAttribute: 'email', csvImport: true, updateReplaces: false }
const phone = '+919876543210'
const target = { tag: 'newsletter' }
let account: Account
beforeAll(async () => {
  await simulator.listen()
  account = accountAt(vobiz, simulator.baseUrl, { ...defaultVobizCredentials }, settings)
})
beforeEach(() => simulator.reset())
afterAll(async () => {
  await account.channel.close()
  await simulator.close()
})

async function writeWhileOthersDo(suspect = false) {
  const others = Promise.withResolvers<void>()
  const line = account.policies.writers.inLine(phone, Number.POSITIVE_INFINITY, () => others.promise)
  const context = { deadlineAt: performance.now() + 300, log: { debug() {}, error() {} } }
  const jane = contact({ name: 'Jane', phone })
  const fields = vobiz.fields(settings, target)
  const write = { account, fields, target, contact: jane, onConflict: 'update', suspect } as const
  const written = await writeContact(write, context)
  others.resolve()
  await line
  return written
}

test('a create whose answer was lost stays in doubt', async () => {
  simulator.setBehaviour({ reset: 'after' })
  expect(await writeWhileOthersDo()).toMatchObject({ failure: { kind: 'timeout' } })
  expect(simulator.contacts()).toHaveLength(1)
})

test('a contact that was made without its list is there, and not on the list', async () => {
  simulator.setBehaviour({ quirks: { stores: 'without-tags' } })
  expect(await writeWhileOthersDo()).toMatchObject({ ok: { status: 'unknown', error: { code: 'not_on_list' } } })
})

test('a create that was refused since the person is there has written nothing', async () => {
  simulator.setBehaviour({ status: 409 })
  expect(await writeWhileOthersDo()).toEqual({ failure: { kind: 'busy', beforeSending: true } })
})

test('an earlier try that may have been applied stays in doubt, though this one sent nothing', async () => {
  expect(await writeWhileOthersDo(true)).toEqual({ failure: { kind: 'timeout' } })
  expect(simulator.requests()).toEqual([])
})
