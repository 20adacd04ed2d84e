import { expect, onTestFinished, test, vi } from 'vitest'
import { startRedis } from '../support/redis.ts'
import { type Replica, startFleet } from '../support/start-fleet.ts'
import {
  begin,
  email,
  forms,
  isDone,
  left,
  openClock,
  other,
  putEverywhere,
  read,
  type Shown,
  scopes,
  statusAt,
  untilDone,
} from './erasures/person.ts'

const hourMs = 3_600_000

/** Where a replica finds her: at Vobiz, and on the suppression list. */
async function whereabouts(replica: Replica) {
  const { status, body } = await replica.call('POST', '/people/search', { body: { phone: forms[1], email } })
  expect(status).toBe(200)
  const at = (body as Shown).accounts.find(({ account }) => account === 'vobiz-in') as { contacts?: unknown[] }
  return { contacts: at.contacts?.length ?? 0, reasons: body.suppressions.map((one: { reason: string }) => one.reason) }
}

test('begun at one of three replicas, an erasure is read and retried at another, and done by a third, also when that one dies', async () => {
  const redis = await startRedis({ appendOnly: true })
  onTestFinished(() => redis.stop())
  const clock = openClock()
  const fleet = await startFleet({
    redisUrl: redis.url,
    replicas: 0,
    clients: { crm: { scopes } },
    // An account that is down is asked all the same.
    accounts: { 'vobiz-in': { retries: 0, breaker: { minimumCalls: 100_000 } } },
  })
  onTestFinished(() => fleet.close())
  const api = { ...clock.env, ROLE: 'api' }
  const [one, two, worker] = await Promise.all([
    fleet.start(api),
    fleet.start(api),
    fleet.start({ ...clock.env, ROLE: 'worker' }),
  ])
  await putEverywhere(fleet, one)
  for (const replica of [one, two]) expect(await whereabouts(replica)).toEqual({ contacts: 2, reasons: [] })

  // Asked for at both at the same moment, it is one.
  const { vobiz } = fleet.simulators
  vobiz.setBehaviour({ rules: [{ match: { method: 'DELETE' }, hang: 'before' }] })
  const asked = await Promise.all([begin(one, 'erase-at-one-0001'), begin(two, 'erase-at-two-0001')])
  expect(asked.map(({ status }) => status)).toEqual([202, 202])
  const { id } = asked[0].body as Shown
  expect((asked[1].body as Shown).id).toBe(id)
  // Suppressed at once, everywhere; the worker dies in the middle of a deletion.
  for (const replica of [one, two]) expect((await whereabouts(replica)).reasons).toEqual(['erasure', 'erasure'])
  await vobiz.waitForRequest(({ method }) => method === 'DELETE')
  await worker.kill()
  expect(await read(two, id)).toMatchObject({ id, accounts: expect.arrayContaining([]) })
  expect(statusAt(await read(two, id), 'vobiz-in')).toBe('pending')

  // Nobody works while there is no worker. The next one takes over, and gives up where the provider is down for days.
  vobiz.setBehaviour({ status: 503 })
  clock.forward(hourMs)
  const second = await fleet.start({ ...clock.env, ROLE: 'worker' })
  const failed = await vi.waitFor(
    async () => {
      clock.forward(6 * hourMs)
      const shown = await read(one, id)
      expect(statusAt(shown, 'vobiz-in')).toBe('failed')
      return shown
    },
    { timeout: 60_000, interval: 200 },
  )
  expect(failed.status).toBe('needs_person')
  expect(left(fleet).vobiz).toHaveLength(3)

  // Up again, and retried at the other replica.
  vobiz.setBehaviour({})
  const retried = await two.call('POST', `/erasures/${id}/retry`)
  expect([retried.status, statusAt(retried.body as Shown, 'vobiz-in')]).toEqual([200, 'pending'])
  const done = await untilDone(one, id, clock)
  expect([isDone(done), statusAt(done, 'vobiz-in'), statusAt(done, 'octopush-fr')]).toEqual([
    true,
    'deleted',
    'deleted',
  ])
  expect(left(fleet)).toEqual({ vobiz: [other], octopush: [] })
  await second.kill()
  await two.call('POST', `/erasures/${id}/accounts/oblic-main/done`, { body: { by: 'A. Durand' } })
  expect((await read(one, id)).status).toBe('completed')
  for (const replica of [one, two])
    expect(await whereabouts(replica)).toEqual({ contacts: 0, reasons: ['erasure', 'erasure'] })
}, 180_000)
