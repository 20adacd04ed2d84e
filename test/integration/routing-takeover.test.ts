import { describe, expect, onTestFinished, test } from 'vitest'
import { sampleOblicList } from '../../src/simulators/oblic.ts'
import { freshKey } from '../support/contact-source.ts'
import { leaveHanging } from '../support/leave-hanging.ts'
import { isLongRun } from '../support/long-run.ts'
import { outcomesAt, statesAt } from '../support/outcomes-of.ts'
import { untilFree } from '../support/repeat.ts'
import { sharedStores } from '../support/shared-stores.ts'
import { startFleet } from '../support/start-fleet.ts'

/** A process dies while it sends to a list whose targets are for some contacts, and the list is another for the next one. */
const mail = { account: 'oblic-main', list: sampleOblicList }
const french = { account: 'octopush-fr', list: 'routed' }
const before = {
  targets: [
    { ...mail, when: { has: ['email'] } },
    { ...french, when: { phone: { countries: ['FR'] } } },
  ],
}
const after = {
  targets: [
    { ...mail, when: { has: ['whatsapp'] } },
    french,
    { account: 'vobiz-in', tag: 'routed', when: { has: ['phone'] } },
  ],
}

const ana = { name: 'Ana', email: 'ana@example.com', phone: '+33612345678' }
const ben = { name: 'Ben', email: 'ben@example.com' }
const cleo = { name: 'Cleo', phone: '+919876543210', whatsapp: '+919876543210', email: 'cleo@example.com' }
const dev = { name: 'Dev', phone: '+919876543211', whatsapp: '+919876543211' }
const batch = [ana, ben, cleo, dev]

/** What a request was for is kept by the port of the store, where both are alike: an everyday run has one of them. */
const stores = isLongRun ? sharedStores : sharedStores.slice(0, 1)

describe.each(stores)('on %s', (_name, open) => {
  test('whoever takes over goes by whom the targets were for when the request was first tried', async () => {
    const fleet = await startFleet({ ...(await open()), replicas: 1, lists: { routed: before } })
    onTestFinished(fleet.close)
    const { oblic, octopush, vobiz } = fleet.simulators
    oblic.setBehaviour({ hang: 'after' })
    octopush.setBehaviour({ hang: 'before', match: { path: '/contact/create' } })
    const key = freshKey()
    const owner = fleet.nth(0)
    const { ended } = await leaveHanging(
      () => owner.add(batch, { key, list: 'routed' }),
      [
        oblic.waitForRequest(({ applied }) => applied),
        octopush.waitForRequest(({ path }) => path.endsWith('/contact/create')),
      ],
    )
    await owner.kill()
    expect(await ended).toBeInstanceOf(Error)
    for (const simulator of [oblic, octopush]) simulator.setBehaviour({})

    fleet.changeLists({ routed: after })
    const other = await fleet.start()
    const taken = await untilFree(() => other.add(batch, { key, list: 'routed' }))
    expect(taken.headers['idempotency-replayed']).toBe('resumed')
    expect(statesAt('oblic-main', taken)).toEqual(['unknown', 'unknown', 'unknown', 'skipped'])
    expect(statesAt('octopush-fr', taken)).toEqual(['created', 'skipped', 'skipped', 'skipped'])
    expect(statesAt('vobiz-in', taken)).toEqual(['skipped', 'skipped', 'skipped', 'skipped'])
    expect(outcomesAt('vobiz-in', taken)[0]?.warnings).toMatchObject([{ code: 'not_for_this_target' }])
    expect(taken.body.results[3].warnings).toMatchObject([{ code: 'no_target' }])
    expect(oblic.contacts().map(({ sends }) => sends)).toEqual([1, 1, 1])
    expect([octopush, vobiz].map((simulator) => simulator.contacts().length)).toEqual([1, 0])
  }, 120_000)
})
