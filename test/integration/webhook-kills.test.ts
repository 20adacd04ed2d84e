import { afterEach, describe, test } from 'vitest'
import { isLongRun } from '../support/long-run.ts'
import { testStoreKey } from '../support/sealed.ts'
import { sharedStores } from '../support/shared-stores.ts'
import { type Replica, startFleet } from '../support/start-fleet.ts'
import { startReceiver } from '../support/start-receiver.ts'
import {
  allIsTold,
  type Causes,
  hangNowAndThen,
  pause,
  scopes,
  suppressThree,
  toldEvents,
  uploadTwo,
} from './webhooks/causes.ts'

/** One of each moment, or many. */
const rounds = isLongRun ? 24 : 3

/** Where in the life of an event its process is killed. */
const moments = ['as soon as its cause is answered', 'while the endpoint thinks', 'a moment later'] as const

describe.concurrent.each(sharedStores)(
  'Processes that are killed between a cause and its delivery, with %s,',
  (_name, openStore) => {
    const closing: (() => Promise<unknown>)[] = []
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close()
    })
    const start = async () => {
      const receiver = await startReceiver()
      closing.push(() => receiver.close())
      const webhooks = [receiver.entry(toldEvents, { addresses: true })]
      const fleet = await startFleet({
        ...(await openStore((close) => closing.push(close))),
        replicas: 2,
        env: { STORE_KEY: testStoreKey },
        clients: { crm: { scopes, webhooks } },
      })
      closing.push(() => fleet.close())
      return { receiver, fleet }
    }

    test('lose no event, and repeat one under the same id with the same body', async ({ expect }) => {
      const { receiver, fleet } = await start()
      let replicas = [...fleet.replicas]
      const causes: Causes = { suppressed: [], imports: [] }
      let thinking = Promise.withResolvers<void>()
      const letGo = hangNowAndThen(receiver, () => thinking.resolve())
      for (let round = 0; round < rounds; round++) {
        const [victim, other] = replicas as [Replica, Replica]
        causes.imports.push(...(await uploadTwo(round % 2 === 0 ? victim : other, round)))
        causes.suppressed.push(...(await suppressThree(victim, round)))
        const moment = moments[round % moments.length]
        if (moment === 'while the endpoint thinks') await Promise.race([thinking.promise, pause(3_000)])
        else if (moment === 'a moment later') await pause(40 * round)
        await victim.kill()
        // Who lives need not wait for a late answer to know that there is none.
        letGo()
        thinking = Promise.withResolvers<void>()
        replicas = [other, await fleet.start()]
      }
      expect([causes.imports.length, causes.suppressed.length]).toEqual([rounds, 3 * rounds])
      await allIsTold(expect, receiver, replicas, causes)
      // One import is one event.
      expect(new Set(receiver.events.filter(isEnd).map(({ id }) => id)).size).toBe(rounds)
    }, 400_000)
  },
)

function isEnd({ body }: { readonly body: { readonly type: string } }): boolean {
  return body.type === 'import.finished'
}
