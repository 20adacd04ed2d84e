import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Attempt } from '../../src/domain/attempt.ts'
import { CallsMade } from '../../src/domain/calls-made.ts'
import { createExplanations } from '../../src/services/explanations/explanations.ts'
import { openStore } from '../../src/store/open-store.ts'
import { isLongRun } from '../support/long-run.ts'
import { startRedis } from '../support/redis.ts'

/**
 * A flood of requests that fail, of one client: what is kept of them stays within 10,000 and 32 MB, the newest, and takes
 * nothing of what another client may ask about. With `LONG_RUN=1` ten times as many, and both kinds in both stores, where
 * everyday each kind is in the one that is drawn for it.
 */
const flood = isLongRun ? 120_000 : 12_000
const [most, mostBytes] = [10_000, 32 * 1_048_576]
const atOnce = 200
const stores = Math.random() < 0.5 ? (['redis', 'sqlite'] as const) : (['sqlite', 'redis'] as const)

function failed(calls: number): CallsMade {
  const made = new CallsMade()
  for (let place = 0; place < calls; place++) {
    const last = new Attempt('octopush-fr', 'addContacts', 100, undefined, true)
    Object.assign(last, { at: place, took: 10, result: 'unavailable', providerStatus: 503, next: 'not_repeatable' })
    made.ended(last)
  }
  return made
}

function answered(id: string, client: string, at: number, calls: number) {
  return {
    id,
    client,
    method: 'POST',
    route: '/lists/{listId}/contacts',
    status: 207,
    receivedAt: new Date(at).toISOString(),
    durationMs: 12,
    deadlineMs: 15_000,
    replica: 'one',
    idempotency: { result: 'none' as const },
    startedAt: 0,
    outcomes: [{ account: 'octopush-fr', status: 'failed' }],
    calls: failed(calls),
  }
}

describe.each([
  ['small', 1, stores[0]],
  ['large', 20, stores[1]],
] as const)('a flood of %s explanations', (_, calls, drawn) => {
  test.each(isLongRun ? stores : [drawn])(
    'stays within its bounds in %s, and lets others be',
    { timeout: 600_000 },
    async (kind) => {
      const redis = kind === 'redis' ? await startRedis() : undefined
      onTestFinished(async () => redis?.stop())
      const dataDir = mkdtempSync(join(tmpdir(), 'explanations-flood-'))
      onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
      const store = await openStore({ redisUrl: redis?.url, dataDir })
      onTestFinished(() => store.close().catch(() => {}))
      const lost: number[] = []
      const explanations = createExplanations({
        store: store.explanations,
        keepMs: 3_600_000,
        onLost: (n) => lost.push(n),
      })
      const start = Date.now() - flood
      explanations.add(answered('of-another', 'shop', start, 1))
      for (let done = 0; done < flood; done += atOnce) {
        for (let place = 0; place < atOnce; place++)
          explanations.add(answered(`flood-${done + place}`, 'crm', start + done + place, calls))
        // As fast as it is written: what comes faster is lost, and counted.
        for (let round = 0; round < 6; round++) await explanations.page('crm', { limit: 1 })
      }
      await explanations.close()
      expect(lost).toEqual([])
      expect((await explanations.find('crm', `flood-${flood - 1}`))?.id).toBe(`flood-${flood - 1}`)
      expect(await explanations.find('crm', 'flood-0')).toBeUndefined()
      expect((await explanations.find('shop', 'of-another'))?.id).toBe('of-another')

      let [count, bytes, from] = [0, 0, undefined as string | undefined]
      do {
        const page = await store.explanations.page('crm', { limit: 100, from })
        for (const { id } of page.items) {
          const found = await store.explanations.get('crm', id)
          bytes += Buffer.byteLength(found?.head ?? '') + Buffer.byteLength(found?.accounts ?? '')
          count++
        }
        from = page.next
      } while (from !== undefined)
      expect(count).toBeLessThanOrEqual(most)
      expect(bytes).toBeLessThanOrEqual(mostBytes)
      // It is used, too: one of the two is what bounds it.
      expect(Math.max(count / most, bytes / mostBytes)).toBeGreaterThan(0.85)
      if (redis === undefined) {
        const held = statSync(join(dataDir, 'gateway.db')).size
        expect(held).toBeLessThan(3 * mostBytes)
      } else {
        const admin = new Redis(redis.url)
        const used = /used_memory_dataset:(\d+)/.exec(await admin.info('memory'))?.[1]
        expect(Number(used)).toBeLessThan(2 * mostBytes)
        admin.disconnect()
      }
    },
  )
})
