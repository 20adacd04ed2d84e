import { describe, expect, test } from 'vitest'
import type { Adapter } from '../../src/providers/adapter-port.ts'
import { octopush } from '../../src/providers/octopush/index.ts'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { canBeAsked, findOf } from '../../src/services/delivery/find-contact.ts'
import { pigeon } from '../made-up/pigeon/index.ts'
import { contact } from '../providers/adapter-cases.ts'
import { createAccount } from '../providers/execute-account.ts'
import { createManualClock } from '../providers/execute-clock.ts'

const jane = contact({ email: 'Jane@Example.com', phone: '+33612345678' })
const member = { member: 'mb_1', email: 'jane@example.com', full_name: null, mobile: '+33612345678' }

/** Asks a provider for Jane that answers as it is told; `paths` are those that it is asked at. */
async function look(adapter: Adapter, body: object, { status = 200, expected = false, who = jane } = {}) {
  const answer = { status, text: JSON.stringify(body), retryAfter: undefined }
  const { account } = createAccount(createManualClock(), () => answer, { retries: 0 })
  const paths: string[] = []
  const { send } = account.channel
  const channel: typeof account.channel = {
    ...account.channel,
    send: (request, options) => {
      paths.push(request.path)
      return send(request, options)
    },
  }
  const settings = { emailAttribute: 'email' }
  const asked = { account: { ...account, adapter, settings, channel }, fields: adapter.fields(settings), contact: who }
  const found = await findOf(asked, { deadlineAt: 60_000, log: { debug() {}, error() {} } }, { expected })
  return { found, paths }
}

describe('a contact is looked up by what the provider knows people by', () => {
  test('an e-mail address, as it was given and compared without case', async () => {
    const { found, paths } = await look(pigeon, { members: [member], after: null })
    expect(found).toMatchObject({ ok: { key: 'mb_1' } })
    expect(paths).toEqual(['/members?email=Jane%40Example.com'])
  })

  test('of several the first who is known by it, and nobody who is known by another', async () => {
    const others = [{ ...member, member: 'mb_0', email: 'jane@example.org' }, member, { ...member, member: 'mb_2' }]
    expect((await look(pigeon, { members: others, after: null })).found).toMatchObject({ ok: { key: 'mb_1' } })
    expect((await look(pigeon, { members: others.slice(0, 1), after: null })).found).toEqual({ ok: undefined })
  })

  test('its number, and its digits alone where there is a reason to expect it', async () => {
    const nobody = { items: [], total: 0, page: 1, limit: 100, has_more: false }
    const byNumber = '/contacts?search=%2B33612345678&limit=100'
    expect((await look(vobiz, nobody)).paths).toEqual([byNumber])
    const { found, paths } = await look(vobiz, nobody, { expected: true })
    expect([found, paths]).toEqual([{ ok: undefined }, [byNumber, '/contacts?search=33612345678&limit=100']])
  })

  test('and by nothing else: who has no such address is not asked for', async () => {
    const who = contact({ phone: '+33612345678' })
    const { found, paths } = await look(pigeon, { members: [member], after: null }, { who })
    expect([found, paths]).toEqual([undefined, []])
  })
})

test('that a search is not there proves nobody absent', async () => {
  const answer = { error: { code: 'no_such_member', message: 'None' } }
  expect((await look(pigeon, answer, { status: 404 })).found).toMatchObject({ failure: { kind: 'unreadable' } })
})

test('a provider that can be asked by something else alone cannot tell who is there', () => {
  const { findContacts } = pigeon.operations as Required<Adapter['operations']>
  const byPhone: Adapter = { ...pigeon, operations: { findContacts: { ...findContacts, by: ['phone'] } } }
  expect([pigeon, vobiz, octopush, byPhone].map(canBeAsked)).toEqual([true, true, false, false])
})
