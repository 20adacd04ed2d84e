import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lazyLogger } from '../../src/http/hooks/lazy-logger.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

describe('the log', () => {
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startGateway()
  })
  afterAll(() => gateway.close())

  it('has one line per request, and its attempts under the same id', async () => {
    await gateway.call('POST', '/contacts?account=vobiz-in', {
      body: { name: 'Asha', phone: '+919876543210' },
      headers: { 'x-request-id': 'for-this-request' },
    })
    const lines = gateway.logged().trim().split('\n')
    const own = lines.map((line) => JSON.parse(line)).filter(({ reqId }) => reqId === 'for-this-request')
    expect(own.map(({ msg }) => msg)).toEqual(['provider attempt', 'request'])
    const { level, time, pid, hostname, durationMs, ...said } = own[1]
    expect(said).toEqual({
      event: 'request',
      reqId: 'for-this-request',
      method: 'POST',
      route: '/contacts',
      client: 'crm',
      account: 'vobiz-in',
      status: 201,
      msg: 'request',
    })
    expect([level, typeof time, typeof durationMs]).toEqual([30, 'number', 'number'])
  })

  it('has health checks and scrapes at debug, unless they fail', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) await gateway.call('GET', path, { key: null })
    const levelOf = (route: string) => lastLine((line) => line.route === route).level
    expect(['/healthz', '/readyz', '/metrics'].map(levelOf)).toEqual([20, 20, 20])
    gateway.gateway.drain()
    expect((await gateway.call('GET', '/readyz', { key: null })).status).toBe(503)
    expect(levelOf('/readyz')).toBe(30)
  })

  const lastLine = (matches: (line: { level: number; route?: string }) => boolean) =>
    gateway
      .logged()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .findLast(matches)

  it('calls paths that lead nowhere by one name', async () => {
    await gateway.call('GET', '/a/secret/path')
    const last = JSON.parse(gateway.logged().trim().split('\n').at(-1) as string)
    expect(last).toMatchObject({ method: 'GET', route: 'unknown', status: 404 })
    expect(gateway.logged()).not.toContain('secret')
  })
})

describe('the logger of a request', () => {
  const collect = (level: string) => {
    const lines: string[] = []
    const sink = new Writable({ write: (line, _encoding, done) => done(void lines.push(String(line))) })
    return { lines, log: lazyLogger(pino({ level, base: null, timestamp: false }, sink), { reqId: 'one' }, {}) }
  }

  it('writes at its levels, under its id', () => {
    const { lines, log } = collect('debug')
    log.debug({ a: 1 }, 'debugged')
    log.info('said')
    log.warn({ b: 2 }, 'warned')
    log.error(new Error('broken'))
    log.fatal('dead')
    log.child({ c: 3 }).info('from below')
    expect(lines.map((line) => JSON.parse(line)).map(({ level, reqId, msg }) => [level, reqId, msg])).toEqual([
      [20, 'one', 'debugged'],
      [30, 'one', 'said'],
      [40, 'one', 'warned'],
      [50, 'one', 'broken'],
      [60, 'one', 'dead'],
      [30, 'one', 'from below'],
    ])
    expect(log.level).toBe('debug')
  })

  it('writes nothing below the level, and nothing at all as trace', () => {
    const { lines, log } = collect('trace')
    log.trace({ headers: { authorization: 'secret' } })
    log.silent('nothing')
    const quiet = collect('error')
    quiet.log.info('nothing')
    quiet.log.debug('nothing')
    expect([...lines, ...quiet.lines]).toEqual([])
  })
})
