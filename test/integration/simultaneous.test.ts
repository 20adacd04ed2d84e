import { expect, onTestFinished, test } from 'vitest'
import { contactSource, freshKey } from '../support/contact-source.ts'
import { isLongRun } from '../support/long-run.ts'
import { drawnStores } from '../support/shared-stores.ts'
import { type Reply, startFleet } from '../support/start-fleet.ts'

/** `LONG_RUN=1` makes it 200 rounds. */
const rounds = isLongRun ? 200 : 8
const atOnce = 50

test.each(drawnStores)(
  `three processes on %s, ${rounds} rounds of ${atOnce} identical requests at once: each account is called once a round`,
  async (_name, open) => {
    // No owner dies here, and a stall of the machine must not look like a death.
    const fleet = await startFleet({ ...(await open()), replicas: 3, store: { leaseMs: 30_000 } })
    onTestFinished(fleet.close)
    const { oblic, octopush, vobiz } = fleet.simulators
    const contacts = contactSource()
    // Each process makes the list at Octopush once in its life: that call is not of the rounds.
    for (const replica of fleet.replicas) expect((await replica.add(contacts(1))).status).toBe(207)
    const callsSoFar = () => [oblic, octopush, vobiz].map((simulator) => simulator.requestTotal())

    const kinds = { first: 0, replay: 0, inProgress: 0 }
    for (let round = 0; round < rounds; round++) {
      // Every other round is long enough for all to meet it running, the rest end while others arrive.
      oblic.setBehaviour(round % 2 === 0 ? { latencyMs: 40 } : {})
      const before = callsSoFar()
      const key = freshKey()
      const batch = contacts(1)
      const replies = await Promise.all(Array.from({ length: atOnce }, (_, n) => fleet.nth(n).add(batch, { key })))
      expect(callsSoFar().map((calls, account) => calls - (before[account] ?? 0))).toEqual([1, 1, 1])

      const first = replies.filter((reply) => kindOf(reply) === 'first')
      expect(first).toHaveLength(1)
      expect(first[0]?.body.summary.outcomes).toEqual({ accepted: 1, created: 2 })
      for (const reply of replies) {
        const kind = kindOf(reply)
        kinds[kind]++
        if (kind === 'replay') expect(reply.text).toBe(first[0]?.text)
        if (kind === 'inProgress') expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0)
      }
      const late = await fleet.nth(round).add(batch, { key })
      expect([kindOf(late), late.text]).toEqual(['replay', first[0]?.text])
    }
    expect(oblic.contacts().map(({ sends }) => sends)).toEqual(new Array(rounds + 3).fill(1))
    expect(kinds.first).toBe(rounds)
    console.log(`${rounds} rounds: ${JSON.stringify(kinds)}`)
  },
  300_000,
)

/** @throws when it is none of the three answers that there may be */
function kindOf({ status, headers, text }: Reply): 'first' | 'replay' | 'inProgress' {
  if (status === 409 && text.includes('/problems/idempotency-in-progress')) return 'inProgress'
  if (status === 207 && headers['idempotency-stored'] === undefined) {
    if (headers['idempotency-replayed'] === undefined) return 'first'
    if (headers['idempotency-replayed'] === 'true') return 'replay'
  }
  throw new Error(`${status} ${JSON.stringify(headers)} ${text}`)
}
