import { createServer, type Server, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable } from '../../src/services/store-port.ts'
import { openRedisStore } from '../../src/store/redis/redis-store.ts'
import { answerOf, claimOf, finish, freshKey } from '../conformance/store-under-test.ts'
import { startRedis } from '../support/redis.ts'
import { startTurnClock } from '../support/turn-clock.ts'

/** What "within 1 s" may be on a machine that does much else. */
const oneSecondMs = 1100

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

function open(url: string) {
  const events: string[] = []
  const lost = Promise.withResolvers<void>()
  const onConnection = (up: boolean, reason: string) => {
    events.push(`${up ? 'up' : 'down'}: ${reason}`)
    if (!up) lost.resolve()
  }
  const store = openRedisStore({ url, onConnection })
  opened.push(store)
  return Object.assign(store, { events, lost: lost.promise })
}

async function start(...args: Parameters<typeof startRedis>) {
  const server = await startRedis(...args)
  onTestFinished(() => server.stop())
  return server
}

async function timed<T>(work: Promise<T>): Promise<{ ms: number; error: unknown }> {
  const clock = startTurnClock()
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { ms: clock.stop(), error }
}

async function expectUnavailableSoon(work: Promise<unknown>): Promise<void> {
  const { ms, error } = await timed(work)
  expect(error).toBeInstanceOf(StoreUnavailable)
  expect(ms).toBeLessThan(oneSecondMs)
}

test('every method fails within 1 s while Redis is down, and works again when it is back, on the same store', async () => {
  const server = await start({ appendOnly: true })
  const store = open(server.url)
  const { idempotency } = store
  const [before, running] = [freshKey(), claimOf(freshKey())]
  await finish(store, before, answerOf('kept'))
  await idempotency.claim(running)
  await server.kill()

  await Promise.all([
    expectUnavailableSoon(store.ping()),
    expectUnavailableSoon(store.diagnose()),
    expectUnavailableSoon(idempotency.claim(claimOf(freshKey()))),
    expectUnavailableSoon(idempotency.mark(running.key, running.owner, 'lost')),
    expectUnavailableSoon(idempotency.renew(running.key, running.owner, 10_000)),
    expectUnavailableSoon(idempotency.complete(running.key, running.owner, answerOf('lost'), 10_000)),
    expectUnavailableSoon(idempotency.release(running.key, running.owner)),
  ])
  await expect.poll(() => timed(store.ping()), { message: 'fails at once when it has been away' }).toSatisfy(isInstant)

  await server.restart()
  await expect.poll(() => store.ping().then(() => 'up'), { timeout: 5_000 }).toBe('up')
  expect(await idempotency.claim(claimOf(before))).toEqual({ kind: 'done', answer: answerOf('kept') })
  expect(await idempotency.complete(running.key, running.owner, answerOf('late'), 10_000)).toBe(true)
  expect(store.events[0]).toBe('up: connected')
  expect(store.events[1]).toMatch(/^down: /)
  expect(store.events.slice(2)).toEqual(['up: connected'])
})

function isInstant({ ms, error }: { ms: number; error: unknown }): boolean {
  return error instanceof StoreUnavailable && ms < 50
}

test('a connection that is lost for a moment costs no request', async () => {
  const server = await start()
  const store = open(server.url)
  await store.ping()
  const admin = new Redis(server.url)
  onTestFinished(() => admin.disconnect())
  await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await store.lost
  expect(await store.idempotency.claim(claimOf(freshKey()))).toEqual({ kind: 'claimed' })
  expect(store.events).toEqual(['up: connected', expect.stringMatching(/^down: /), 'up: connected'])
})

test('fails within 1 s while Redis hangs, and works again when it does', async () => {
  const server = await start()
  const store = open(server.url)
  await store.ping()
  await server.pause()
  await expectUnavailableSoon(store.idempotency.claim(claimOf(freshKey())))
  await expectUnavailableSoon(store.ping())
  await server.resume()
  await expect.poll(() => store.ping().then(() => 'up'), { timeout: 10_000 }).toBe('up')
  expect(await store.idempotency.claim(claimOf(freshKey()))).toEqual({ kind: 'claimed' })
})

test('a claim that failed while Redis was down is not carried out later', async () => {
  const server = await start({ appendOnly: true })
  const store = open(server.url)
  await store.ping()
  await server.kill()
  const key = freshKey()
  await Promise.all(Array.from({ length: 20 }, () => expectUnavailableSoon(store.idempotency.claim(claimOf(key)))))
  await server.restart()
  await expect.poll(() => store.ping().then(() => 'up'), { timeout: 5_000 }).toBe('up')
  expect(await store.idempotency.claim(claimOf(key))).toEqual({ kind: 'claimed' })
})

test('may be opened before its Redis is there', async () => {
  const server = await start()
  await server.kill()
  const store = open(server.url)
  await expectUnavailableSoon(store.ping())
  await server.restart()
  await expect.poll(() => store.ping().then(() => 'up'), { timeout: 5_000 }).toBe('up')
})

test('fails within 1 s where something accepts connections and never answers', async () => {
  const sockets = new Set<Socket>()
  const silent: Server = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  await new Promise((resolve) => silent.once('listening', resolve))
  const address = silent.address()
  const store = open(`redis://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
  await expectUnavailableSoon(store.ping())
  await expectUnavailableSoon(store.idempotency.claim(claimOf(freshKey())))
})

test('scripts that the server has forgotten are sent again', async () => {
  const server = await start()
  const store = open(server.url)
  await finish(store, freshKey(), answerOf('scripts are loaded'))
  const redis = new Redis(server.url)
  await redis.script('FLUSH')
  redis.disconnect()
  const key = freshKey()
  const claims = await Promise.all(Array.from({ length: 10 }, () => store.idempotency.claim(claimOf(key))))
  expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1)
  await finish(store, freshKey(), answerOf('all of them'))
})

test('a full memory, a wrong password and a missing permission are StoreUnavailable, and say what to do', async () => {
  const server = await start({ args: ['--requirepass', 'right-secret'] })
  const { port } = server
  const admin = new Redis({ host: '127.0.0.1', port, password: 'right-secret' })
  onTestFinished(() => admin.disconnect())
  await admin.call('ACL', 'SETUSER', 'reader', 'on', '>reader-secret', '~*', '+ping', '+info')
  const attempts = [
    { user: '', error: 'Redis refuses to work (NOAUTH)' },
    { user: ':wrong-secret@', error: 'Redis refuses to work (WRONGPASS)' },
    { user: 'reader:reader-secret@', error: 'Redis refuses to work (NOPERM)' },
  ]
  for (const { user, error } of attempts) {
    const store = open(`redis://${user}127.0.0.1:${port}`)
    const told = await timed(store.idempotency.claim(claimOf(freshKey())))
    expect(told.error).toBeInstanceOf(StoreUnavailable)
    const text = [String(told.error), ...store.events, JSON.stringify(told.error)].join('\n')
    expect(text).toContain(error)
    expect(text).not.toMatch(/secret/)
  }
  await admin.config('SET', 'maxmemory', '1')
  const full = open(`redis://:right-secret@127.0.0.1:${port}`)
  const told = await timed(full.idempotency.claim(claimOf(freshKey(), { intent: 'private' })))
  expect(String(told.error)).toBe('StoreUnavailable: Redis refuses to work (OOM): its memory is full (maxmemory).')
})

test('after close, and closing twice', async () => {
  const server = await start()
  const store = open(server.url)
  await store.ping()
  await store.close()
  await store.close()
  await expectUnavailableSoon(store.ping())
  // A connection that was closed on purpose is not a lost one.
  expect(store.events).toEqual(['up: connected'])
})

test('a database number that Redis refuses is not taken for number 0: nothing is read or written there', async () => {
  const server = await start({ args: ['--databases', '2'] })
  const other = open(server.url)
  await other.ping()
  const admin = new Redis(server.url)
  onTestFinished(() => admin.disconnect())
  await admin.flushall()
  await admin.config('RESETSTAT')
  const store = open(`${server.url}/2`)
  const errors: string[] = []
  const worker = store.imports.work('oblic-main', async () => {}, {
    concurrency: 1,
    leaseMs: 1_000,
    onError: ({ message }) => errors.push(message),
  })
  for (let attempt = 0; attempt < 5; attempt++) await expectUnavailableSoon(store.ping())
  expect(store.events).toEqual([expect.stringContaining('refuses the database number that REDIS_URL asks for')])
  // All that its connections may send is what they introduce themselves with.
  const sent = [...(await admin.info('commandstats')).matchAll(/^cmdstat_([\w|-]+):/gm)].map(([, name]) => name)
  const introduction = ['select', 'info', 'client|setname', 'client|setinfo', 'config|resetstat', 'flushall']
  expect(introduction).toEqual(expect.arrayContaining(sent))
  expect(await admin.dbsize()).toBe(0)
  await worker.close()

  const right = open(`${server.url}/1`)
  await right.ping()
  expect(await admin.dbsize()).toBe(0)
})
