import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sharedStores } from '../support/shared-stores.ts'
import { type Replica, type Reply, startFleet } from '../support/start-fleet.ts'

/** Adds of one person at the same moment, each with a tag of its own: none may take away another's. */
const crowds = [2, 10, 100]

describe.each(sharedStores)('on %s', (_name, open) => {
  test.each([1, 3])(
    'many adds of one existing person at once, in %i processes, leave all tags there, or an outcome says which is not',
    async (replicas) => {
      const fleet = await startFleet({ ...(await open()), replicas })
      onTestFinished(fleet.close)
      const { vobiz } = fleet.simulators
      vobiz.setBehaviour({ quirks: { writeDelayMs: 2 } } as object)
      for (const [round, crowd] of crowds.entries()) {
        const phone = `+9198765432${10 + round}`
        const person = (tag: string) => ({ name: 'Jane', phone, tags: [tag] })
        const first = await add(fleet.nth(0), person('before'))
        expect(statusOf(first)).toBe('created')
        const tags = Array.from({ length: crowd }, (_, index) => `tag-${index}`)
        const replies = await Promise.all(tags.map((tag, index) => add(fleet.nth(index), person(tag))))
        const [held] = vobiz.contacts().filter((contact) => contact.phone_number === phone)
        const claimed = tags.filter((_, index) => statusOf(replies[index] as Reply) === 'updated')
        expect(held?.tags).toEqual(expect.arrayContaining(['before', ...claimed]))
        // The deadline is far: nobody has to give up.
        expect(claimed).toHaveLength(crowd)
      }
    },
    120_000,
  )
})

/** Processes that were just started may send away whom they cannot serve at once, and say when to come back. */
async function add(replica: Replica, contact: object): Promise<Reply> {
  for (;;) {
    const reply = await replica.add([contact], { list: 'whatsapp' })
    if (reply.status !== 503 || reply.body.code !== 'overloaded') return reply
    await sleep(Number(reply.headers['retry-after']) * 1_000)
  }
}

const statusOf = ({ body, text }: Reply): string => {
  const [result] = body.results ?? []
  if (result === undefined) throw new Error(text)
  return result.outcomes[0].status
}
