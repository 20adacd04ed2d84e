import { expect, onTestFinished, test } from 'vitest'
import { isLongRun } from '../support/long-run.ts'
import { createRandom } from '../support/random.ts'
import { drawnStores } from '../support/shared-stores.ts'
import { startFleet } from '../support/start-fleet.ts'
import {
  begin,
  forms,
  left,
  minuteMs,
  openClock,
  other,
  places,
  preload,
  putEverywhere,
  type Shown,
  scopes,
  statusAt,
  untilDone,
} from './erasures/person.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000))

test.each(drawnStores)(
  `processes that die at any step are followed by others (SEED=${seed}): %s`,
  async (_name, open) => {
    const { redisUrl } = await open()
    const clock = openClock()
    const fleet = await startFleet({ redisUrl, replicas: 0, clients: { crm: { scopes } } })
    onTestFinished(() => fleet.close())
    const first = await fleet.start(clock.env)
    await putEverywhere(fleet, first)
    await first.kill()

    const options = `${clock.env.NODE_OPTIONS} ${preload('die-at-step.ts')}`
    const random = createRandom(seed)
    let id: string | undefined
    /** Everyday those after the fourth are much longer: each takes a second of the machine. */
    const mostSteps = (life: number) => (isLongRun || life <= 4 ? 4 + life : 12 * life)
    /** One life, which may be longer than those before; tells the receipt where it was long enough. */
    const live = async (life: number): Promise<Shown | undefined> => {
      const dieAt = `${random.int(mostSteps(life)) + 1} ${random.pick(['before', 'after'])}`
      const started = fleet.start({ ...clock.env, NODE_OPTIONS: options, DIE_AT_STEP: dieAt })
      const replica = await started.catch((error: Error) => {
        // It may die before it listens: what another one has left is carried on at once.
        if (!error.message.includes('SIGKILL')) throw error
      })
      if (replica === undefined) return undefined
      const death = replica.ended.then(() => undefined)
      const work = async () => {
        // Who was not answered asks again.
        if (id === undefined) {
          const begun = await begin(replica, `erase-her-${life}-again`)
          expect(begun.status).toBe(202)
          id = (begun.body as Shown).id
        }
        return untilDone(replica, id, clock)
      }
      const ended = await Promise.race([work().catch((error) => death.then(() => error as never)), death])
      await replica.kill()
      return ended
    }
    let receipt: Shown | undefined
    let lives = 0
    for (; receipt === undefined; clock.forward(2 * minuteMs)) receipt = await live(++lives)
    expect(lives).toBeGreaterThan(3)
    const last = await fleet.start(clock.env)
    const path = `/erasures/${receipt.id}/accounts/oblic-main/done`
    const completed = (await last.call('POST', path, { body: { by: 'A. Durand' } })).body as Shown
    expect(completed).toMatchObject({ status: 'completed', gateway: { status: 'done', importRowsErased: 1 } })
    expect(['octopush-fr', 'vobiz-in'].map((account) => statusAt(completed, account))).toEqual(['deleted', 'deleted'])
    expect((await last.call('GET', '/erasures')).body.items).toHaveLength(1)
    expect(left(fleet)).toEqual({ vobiz: [other], octopush: [] })
    const { body } = await last.call('POST', '/suppressions/search', { body: { phone: forms[1] } })
    expect(body.items).toMatchObject([{ channels: ['*'], reason: 'erasure' }])
    await last.kill()
    const env = redisUrl === undefined ? { DATA_DIR: fleet.dataDir } : { REDIS_URL: redisUrl }
    expect((await places(env)).filter((place) => place !== 'answers' && !place.endsWith(':answer'))).toEqual([])
  },
  180_000,
)
