import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createStoreKey } from '../../src/config/store-key.ts'
import { contactSource, freshKey, type TestContact } from '../support/contact-source.ts'
import { boundary, lastBoundary, part } from '../support/import-calls.ts'
import { startRedis } from '../support/redis.ts'
import { drawnStores } from '../support/shared-stores.ts'
import { type Fleet, type Replica, type Reply, startFleet } from '../support/start-fleet.ts'

const contacts = contactSource()
const [oldKey, newKey] = [createStoreKey(), createStoreKey()]

type Sent = { readonly key: string; readonly contact: TestContact; readonly reply: Reply }

/** Requests one after the other, each sent to one replica and then again to another one. */
class Traffic {
  readonly sent: Sent[] = []
  readonly living: Replica[] = []
  #turn = 0
  #isOver = false
  #done: Promise<void> | undefined
  #failure: Error | undefined

  start(): void {
    this.#done = this.#go()
    this.#done.catch((error: Error) => {
      this.#failure = error
    })
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await this.#done
  }

  /** Resolves when so many more have been answered; rejects with the failure that keeps them from being sent. */
  async more(count: number): Promise<void> {
    const wanted = this.sent.length + count
    const isThere = () => {
      if (this.#failure !== undefined) throw this.#failure
      return this.sent.length > wanted
    }
    await vi.waitUntil(isThere, { timeout: 30_000, interval: 10 })
  }

  next(): Replica {
    return this.living[this.#turn++ % this.living.length] as Replica
  }

  async #go(): Promise<void> {
    while (!this.#isOver) {
      const sent = { key: freshKey(), contact: contacts(1)[0] as TestContact }
      const reply = await this.next().add([sent.contact], { key: sent.key })
      await expectReplay({ ...sent, reply }, this.next())
      this.sent.push({ ...sent, reply })
      // Processes start meanwhile, which need the machine.
      await wait(20)
    }
  }
}

async function expectReplay({ key, contact, reply }: Sent, replica: Replica): Promise<void> {
  const again = await replica.add([contact], { key })
  expect([reply.status, again.status, again.headers['idempotency-replayed']]).toEqual([207, 207, 'true'])
  expect(again.text).toBe(reply.text)
}

/** Replaces each by one with other keys, which is there before it goes. */
async function restartAll(fleet: Fleet, traffic: Traffic, storeKey: string): Promise<void> {
  for (const old of [...traffic.living]) {
    traffic.living.push(await fleet.start({ STORE_KEY: storeKey }))
    await traffic.more(4)
    traffic.living.splice(traffic.living.indexOf(old), 1)
    process.kill(old.pid, 'SIGTERM')
    expect(await old.ended).toBe(0)
    expect(old.output()).not.toContain('"event":"unreadable"')
    expect(old.output()).not.toContain(oldKey)
  }
}

test('two replicas on Redis take on a new key without a break: no request is refused, each repeat is one, an import goes on', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const fleet = await startFleet({ redisUrl: redis.url, replicas: 0 })
  onTestFinished(fleet.close)
  fleet.simulators.oblic.setBehaviour({ latencyMs: 50 })
  const traffic = new Traffic()
  for (const _place of [0, 1]) traffic.living.push(await fleet.start({ STORE_KEY: oldKey }))
  traffic.start()
  onTestFinished(() => traffic.stop().catch(() => {}))
  await traffic.more(4)

  const rows = Array.from(
    { length: 1_000 },
    (_, n) => `Row ${n},row-${n}@example.com,+91982${String(n).padStart(6, '0')}7`,
  )
  const accepted = await traffic.next().call('POST', '/lists/newsletter/imports', {
    raw: `${part(`name,email,phone\n${rows.join('\n')}\nBad,bad@example.com,12\n`)}${lastBoundary}`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  })
  expect(accepted.status).toBe(202)
  const state = async () => (await traffic.next().call('GET', `/imports/${accepted.body.id}`)).body
  expect((await state()).finishedAt).toBeUndefined()

  await restartAll(fleet, traffic, `${oldKey},${newKey}`)
  await restartAll(fleet, traffic, `${newKey},${oldKey}`)
  const ofOldKey = traffic.sent.length
  for (const sent of traffic.sent) await expectReplay(sent, traffic.next())
  await expect.poll(async () => (await state()).status, { timeout: 60_000 }).toBe('completed_with_errors')
  const errors = await traffic.next().call('GET', `/imports/${accepted.body.id}/errors`)
  expect(new Set(errors.body.items.map(({ row }: { row: number }) => row))).toEqual(new Set([1_001]))
  expect(errors.body.items).toHaveLength(3)

  // What the old key sealed would have expired by now.
  await traffic.more(4)
  await restartAll(fleet, traffic, newKey)
  await traffic.stop()
  for (const sent of traffic.sent.slice(ofOldKey)) await expectReplay(sent, traffic.next())
  // Each was sent once.
  const sends = fleet.simulators.oblic.contacts().map((contact) => contact.sends)
  expect(new Set(sends)).toEqual(new Set([1]))
  for (const replica of traffic.living) expect(replica.output()).not.toContain('"event":"unreadable"')
  await expect(fleet.start({ STORE_KEY: oldKey })).rejects.toThrow(/^ended with 78 /)
}, 180_000)

test.each(drawnStores)(
  'with %s, who comes with another key or none does not start: exit code 78, and what to do',
  async (_name, open) => {
    const fleet = await startFleet({ ...(await open()), replicas: 0 })
    onTestFinished(fleet.close)
    await fleet.start({ STORE_KEY: oldKey })
    const refusals: [env: Record<string, string>, says: RegExp][] = [
      [{ STORE_KEY: newKey }, /STORE_KEY opens nothing in this store, which was sealed with another key/],
      [{}, /STORE_KEY is not set, and this store was sealed with a key/],
      [{ STORE_KEY: `${newKey}x` }, /STORE_KEY must be 32 random bytes.*keys create-store-key/],
    ]
    for (const [env, says] of refusals) {
      const refusal = await fleet.start(env).catch(({ message }: Error) => message)
      expect(refusal).toMatch(/^ended with 78 before/)
      expect(refusal).toMatch(says)
      expect(refusal).not.toContain(newKey)
    }
    await fleet.start({ STORE_KEY: `${newKey},${oldKey}` })
  },
  60_000,
)
