import { expect, onTestFinished, test } from 'vitest'
import { drawnStores } from '../support/shared-stores.ts'
import { startFleet } from '../support/start-fleet.ts'

const scopes = ['suppressions:read', 'suppressions:write', 'admin']
const phoneOf = (number: number) => `+336${String(number).padStart(8, '0')}`

test.each(drawnStores)(
  'what one of three replicas has answered, the others know at once, and after the death of that one: %s',
  async (_name, open) => {
    const { redisUrl } = await open()
    const fleet = await startFleet({ redisUrl, replicas: 3, clients: { crm: { scopes } } })
    onTestFinished(() => fleet.close())
    const isKnown = async (replica: number, phone: string) => {
      const { status, body } = await fleet.nth(replica).call('POST', '/suppressions/search', { body: { phone } })
      expect(status).toBe(200)
      return (body as { items: unknown[] }).items.length === 1
    }
    const add = async (replica: number, phones: readonly string[]) => {
      const suppressions = phones.map((phone) => ({ phone, reason: 'opt_out' }))
      const { status, body } = await fleet.nth(replica).call('POST', '/suppressions', { body: { suppressions } })
      expect(status).toBe(207)
      return (body as { results: { id: string; status: string }[] }).results
    }
    const ids: string[] = []
    for (let number = 0; number < 30; number++) {
      const phone = phoneOf(number)
      const [added] = await add(number, [phone])
      ids.push(added?.id as string)
      expect(await Promise.all([0, 1, 2].map((replica) => isKnown(replica, phone)))).toEqual([true, true, true])
    }
    // The same thousand at all of them at the same moment: each is created once.
    const many = Array.from({ length: 1_000 }, (_, index) => phoneOf(1_000 + index))
    const answers = await Promise.all([0, 1, 2].map((replica) => add(replica, many)))
    const created = answers.flat().filter(({ status }) => status === 'created')
    expect(new Set(created.map(({ id }) => id)).size).toBe(1_000)
    expect(created).toHaveLength(1_000)
    // Taken off at one, it is gone at all.
    const removed = await fleet.nth(1).call('DELETE', `/suppressions/${ids[0]}?reason=test`)
    expect(removed.status).toBe(204)
    expect(await Promise.all([0, 1, 2].map((replica) => isKnown(replica, phoneOf(0))))).toEqual([false, false, false])
    // What was answered outlives who answered it.
    await add(0, [phoneOf(9_000)])
    await fleet.replicas[0]?.kill()
    expect(await isKnown(1, phoneOf(9_000))).toBe(true)
    expect(await isKnown(2, phoneOf(9_000))).toBe(true)
  },
  60_000,
)
