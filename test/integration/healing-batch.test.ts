import { beforeAll, expect, test } from 'vitest'
import type { Behaviour } from '../../src/simulators/behaviour.ts'
import type { RunningSimulators } from '../../src/simulators/start.ts'
import { contactSource, freshKey, type TestContact } from '../support/contact-source.ts'
import { type HeldContacts, takeStock } from '../support/held-contacts.ts'
import { isLongRun } from '../support/long-run.ts'
import { statesAt } from '../support/outcomes-of.ts'
import { startRedis } from '../support/redis.ts'
import { accountOf, type Fleet, type Provider, providers, type Reply, startFleet } from '../support/start-fleet.ts'

/**
 * A batch to three accounts, of which one is down and one times out after it has applied: repeated under one key while
 * they heal, it ends with every outcome definite, and nothing is sent twice to an account that has it.
 *
 * What can be asked of an account that timed out differs. Vobiz tells what it has: nothing may be written there twice.
 * Octopush cannot be asked, and an outcome becomes definite only by the same upsert again; sent again is only what the
 * gateway has no answer for. Oblic can be neither asked nor told twice, so that a timeout there stays `unknown`: there it
 * is the account that is down, or works.
 */
type Case = { readonly down: Provider; readonly times: Provider; readonly how: Behaviour }

const writes = { oblic: '/add', octopush: '/contact/create', vobiz: '/contacts' } as const
const hanging: Behaviour = { hang: 'after' }
const cases: Case[] = [
  { down: 'oblic', times: 'vobiz', how: { ...hanging, match: { method: 'POST' } } },
  { down: 'octopush', times: 'vobiz', how: { reset: 'after' } },
  { down: 'oblic', times: 'octopush', how: { ...hanging, match: { path: writes.octopush } } },
  { down: 'vobiz', times: 'octopush', how: { statusAfterApplying: 500, match: { path: writes.octopush } } },
]
const size = 300
/** A breaker that opens soon closes again soon: the test need not wait for its usual ten seconds. */
const quick = { timeoutMs: 300, breaker: { openMs: 200 } }

let fleet: Fleet
beforeAll(async () => {
  const redis = await startRedis()
  fleet = await startFleet({
    redisUrl: redis.url,
    replicas: 2,
    doors: true,
    limits: { deadlineMs: 3000 },
    accounts: { 'oblic-main': quick, 'octopush-fr': quick, 'vobiz-in': quick },
  })
  return async () => {
    await fleet.close()
    await redis.stop()
  }
})
/** Nobody is in two of the tests: the processes remember whom they have written. */
const contacts = contactSource()

test.each(isLongRun ? cases : cases.slice(1, 3))(
  `${size} contacts, $down down and $times answering nothing after it applied: repeated until all is definite, nothing is sent twice`,
  async ({ down, times, how }) => {
    const { simulators } = fleet
    for (const provider of providers) simulators[provider].reset()
    await fleet.doors[down].shut()
    simulators[times].setBehaviour(how)

    const [key, batch] = [freshKey(), contacts(size)]
    const seen: string[] = []
    const add = async (round: number): Promise<Reply> => {
      const reply = await fleet.nth(round).add(batch, { key })
      expect(reply.status).toBe(207)
      seen.push(JSON.stringify(statesByProvider(reply)))
      expect(denialsOfWhatIsHeld(reply, batch, takeStock(simulators))).toEqual([])
      return reply
    }
    const first = await add(0)
    expect(statesByProvider(first)[down]).toEqual({ failed: size })
    await add(1)
    simulators[times].setBehaviour({})
    let reply = await add(2)
    // It may take more than one deadline, or the end of a breaker's time.
    for (let round = 3; isOpen(statesByProvider(reply)[times]); round++) reply = await add(within(round))
    await fleet.doors[down].open()
    for (let round = 3; isOpen(statesByProvider(reply)[down]); round++) reply = await add(within(round))
    console.log(`${down} down, ${times} answers nothing:\n${seen.join('\n')}`)

    const states = statesByProvider(reply)
    expect(states.oblic).toEqual({ accepted: size })
    for (const provider of ['octopush', 'vobiz'] as const) {
      const { created = 0, updated = 0, ...others } = states[provider]
      expect([created + updated, others]).toEqual([size, {}])
    }
    expect(new Set(simulators.oblic.contacts().map(({ sends }) => sends))).toEqual(new Set([1]))
    expect(simulators.oblic.counts().total).toBe(size)
    expect(simulators.vobiz.contacts()).toHaveLength(size)
    expect(simulators.octopush.contacts()).toHaveLength(size)
    expect(writesAtVobiz(simulators)).toBe(size)
    if (times !== 'octopush') expect(simulators.octopush.counts().sends).toBe(size)

    const before = [simulators.oblic, simulators.octopush, simulators.vobiz].map((simulator) =>
      simulator.requestTotal(),
    )
    const replay = await fleet.nth(0).add(batch, { key })
    expect([replay.headers['idempotency-replayed'], replay.text]).toEqual(['true', reply.text])
    expect(
      [simulators.oblic, simulators.octopush, simulators.vobiz].map((simulator) => simulator.requestTotal()),
    ).toEqual(before)
  },
  120_000,
)

type States = Readonly<Record<string, number>>

function statesByProvider(reply: Reply): Readonly<Record<Provider, States>> {
  const count = (provider: Provider) => {
    const states = statesAt(accountOf[provider], reply)
    return Object.fromEntries([...new Set(states)].map((state) => [state, states.filter((s) => s === state).length]))
  }
  return { oblic: count('oblic'), octopush: count('octopush'), vobiz: count('vobiz') }
}

/** Contacts that are called `failed` at an account that holds them. */
function denialsOfWhatIsHeld(reply: Reply, batch: readonly TestContact[], stock: HeldContacts): string[] {
  return providers.flatMap((provider) =>
    statesAt(accountOf[provider], reply).flatMap((status, index) => {
      const contact = batch[index] as TestContact
      const isDenied = (status === 'failed' || status === 'rejected') && stock.holds(provider, contact)
      return isDenied ? [`${contact.phone} is ${status} at ${provider}`] : []
    }),
  )
}

function isOpen({ failed = 0, unknown = 0 }: States): boolean {
  return failed + unknown > 0
}

/** A caller that repeats for ever has met a defect. */
function within(round: number): number {
  if (round > 60) throw new Error('it never becomes definite')
  return round
}

/** Contacts written by creates, updates and imports: more than there are contacts means that one was written twice. */
function writesAtVobiz({ vobiz }: RunningSimulators): number {
  const applied = vobiz.requests().filter(({ method, applied }) => applied && method !== 'GET')
  return applied.length
}
