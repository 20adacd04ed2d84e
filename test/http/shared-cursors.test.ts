import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startRedis } from '../support/redis.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

const path = '/contacts?account=vobiz-in&limit=1'

/** Two people at the provider, so that the first page has a next one. */
async function addTwo(gateway: TestGateway): Promise<void> {
  const contacts = ['+919876543210', '+919876543211'].map((phone) => ({ name: 'Jane', phone }))
  await gateway.call('POST', '/lists/whatsapp/contacts', { body: { contacts } })
}

async function nextOf(gateway: TestGateway): Promise<string> {
  const { nextCursor } = (await gateway.call('GET', path)).body
  expect(nextCursor).toMatch(/^[\w-]{54}$/)
  return `${path}&cursor=${nextCursor}`
}

test.each(['sqlite', 'redis'])(
  'replicas that start at once on one store take the cursors of each other: %s',
  async (kind) => {
    const folder = mkdtempSync(join(tmpdir(), 'shared-cursors-'))
    const redis = kind === 'redis' ? await startRedis() : undefined
    const env: Record<string, string> = redis === undefined ? { DATA_DIR: folder } : { REDIS_URL: redis.url }
    const first = await startGateway({ env: { ...env } })
    const [second, third] = await Promise.all([1, 2].map(() => startGateway({ env }, first.simulators)))
    try {
      await addTwo(first)
      for (const [one, other] of [
        [first, second],
        [second, third],
        [third, first],
      ] as [TestGateway, TestGateway][])
        expect((await other.call('GET', await nextOf(one))).status).toBe(200)
    } finally {
      await Promise.all([second?.close(), third?.close()])
      await first.close()
      await redis?.stop()
      rmSync(folder, { recursive: true })
    }
  },
)

test('a cursor of another key is refused as any that is not ours, by a key that is configured and by one that is made', async () => {
  const first = await startGateway({ env: { CURSOR_KEY: randomBytes(32).toString('hex') } })
  const others = await Promise.all(
    [{ CURSOR_KEY: randomBytes(32).toString('hex') }, {}].map((env) => startGateway({ env }, first.simulators)),
  )
  try {
    await addTwo(first)
    const next = await nextOf(first)
    expect((await first.call('GET', next)).status).toBe(200)
    for (const other of others) {
      const { status, body } = await other.call('GET', next)
      expect([status, body.code]).toEqual([400, 'invalid-cursor'])
    }
  } finally {
    await Promise.all(others.map((other) => other.close()))
    await first.close()
  }
})
