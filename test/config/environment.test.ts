import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { environmentExample } from '../../src/config/environment.ts'
import { parseRandomKey } from '../../src/config/random-key.ts'
import { configOf, mistakesOf, planted, validDocument } from './documents.ts'

test('.env.example is what environmentExample() makes', () => {
  expect(readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')).toBe(environmentExample())
})

test('.env.example sets nothing: every line is a comment', () => {
  for (const line of environmentExample().split('\n')) expect(line).toMatch(/^(#|$)/)
})

const withEnv = (env: Record<string, string>) => configOf(validDocument(), { ...planted, ...env })

test('has defaults', () => {
  expect(withEnv({})).toMatchObject({
    server: { host: '127.0.0.1', port: 8080, metricsPort: undefined },
    redisUrl: undefined,
    dataDir: './data',
    role: 'all',
    logLevel: 'info',
    otlpEndpoint: undefined,
    drainDelayMs: 0,
    shutdownTimeoutMs: 30_000,
    production: false,
  })
})

test('is read', () => {
  const config = withEnv({
    HOST: '0.0.0.0',
    PORT: '0',
    METRICS_PORT: '9464',
    REDIS_URL: 'rediss://redis:6379',
    DATA_DIR: ':memory:',
    ROLE: 'worker',
    LOG_LEVEL: 'debug',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    DRAIN_DELAY_MS: '250',
    SHUTDOWN_TIMEOUT_MS: '1000',
  })
  expect(config).toMatchObject({
    server: { host: '0.0.0.0', port: 0, metricsPort: 9464 },
    dataDir: ':memory:',
    role: 'worker',
    logLevel: 'debug',
    otlpEndpoint: 'http://collector:4318',
    drainDelayMs: 250,
    shutdownTimeoutMs: 1_000,
  })
  expect(config.redisUrl?.reveal()).toBe('rediss://redis:6379')
})

test('in production the listener closes after a delay, unless one is given', () => {
  expect(withEnv({ NODE_ENV: 'production' })).toMatchObject({ production: true, drainDelayMs: 5_000 })
  expect(withEnv({ NODE_ENV: 'production', DRAIN_DELAY_MS: '0' }).drainDelayMs).toBe(0)
})

test('an empty variable is an unset one', () => {
  expect(withEnv({ PORT: '', REDIS_URL: '', METRICS_PORT: '', LOG_LEVEL: '' })).toMatchObject({
    server: { port: 8080, metricsPort: undefined },
    redisUrl: undefined,
    logLevel: 'info',
  })
})

test('REDIS_URL may come from a file, as it may hold a password', () => {
  const config = configOf(validDocument(), { ...planted, REDIS_URL_FILE: '/run/redis' }, () => 'redis://:pw@redis\n')
  expect(config.redisUrl?.reveal()).toBe('redis://:pw@redis')
})

test.each([
  'redis://localhost',
  'redis://localhost:6379/2',
  'rediss://user:p%40ss@redis.example:6380',
  'redis://[::1]:6379',
  'redis://a:6379,redis://b:6379,redis://c:6379',
  'redis://:pw@a:6379,b:6379',
  'redis+sentinel://s1:26379,s2:26379/mymaster',
  'redis+sentinel://:pw@s1:26379,s2:26379,s3:26379/mymaster/1',
  'rediss+sentinel://[::1]/my%20master?sentinelPassword=x',
  'redis://only-known-node:6379,',
  'redis://:pw@a:6379,redis://:pw@b:6379',
])('takes a REDIS_URL that the store can read: %s', (REDIS_URL) => {
  expect(mistakesOf(validDocument(), { ...planted, REDIS_URL })).toEqual([])
})

test.each([
  ['PORT', '80a', 'PORT must be a whole number from 0 to 65535'],
  ['PORT', '65536', 'PORT must be a whole number from 0 to 65535'],
  ['PORT', '-1', 'PORT must be a whole number'],
  ['PORT', ' 80', 'PORT must be a whole number'],
  ['PORT', '1e3', 'PORT must be a whole number'],
  ['METRICS_PORT', '8080', 'METRICS_PORT must be another port than PORT'],
  ['REDIS_URL', 'localhost:6379', 'REDIS_URL begins otherwise'],
  ['REDIS_URL', 'http://redis', 'REDIS_URL begins otherwise'],
  ['REDIS_URL', 'redis+sentinel://s1:26379', 'REDIS_URL does not say the name of the master'],
  ['REDIS_URL', 'redis://a, b', 'REDIS_URL has a node that is not host'],
  ['REDIS_URL', 'redis://a,rediss://b', 'REDIS_URL has a node that is not host'],
  ['REDIS_URL', 'redis://:p/w@redis', 'REDIS_URL has a node that is not host'],
  ['REDIS_URL', 'redis://', 'REDIS_URL names no host'],
  ['REDIS_URL', 'redis://:p/w%@redis', 'REDIS_URL has a'],
  ['REDIS_URL', 'redis://:pw%@redis', 'REDIS_URL has a % that begins no percent-encoding'],
  ['REDIS_URL', 'redis://redis?db=2', 'REDIS_URL has the option db'],
  ['ROLE', 'boss', 'ROLE must be one of all, api, worker'],
  ['ROLE', 'worker', 'ROLE must be all: without REDIS_URL'],
  ['LOG_LEVEL', 'verbose', 'LOG_LEVEL must be one of fatal'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'OTEL_EXPORTER_OTLP_ENDPOINT must be an http'],
  ['DRAIN_DELAY_MS', '5s', 'DRAIN_DELAY_MS must be a whole number from 0 to 600000'],
  ['SHUTDOWN_TIMEOUT_MS', '9999999', 'SHUTDOWN_TIMEOUT_MS must be a whole number'],
])('refuses %s=%s', (name, value, mistake) => {
  const mistakes = mistakesOf(validDocument(), { ...planted, [name]: value })
  expect(mistakes).toEqual([expect.stringContaining(mistake)])
  expect(mistakes[0]).not.toContain('p/w')
})

const bytes = Buffer.from(Array.from({ length: 32 }, (_, at) => at * 7))

test.each([
  ['base64url', bytes.toString('base64url')],
  ['base64url with its sign at the end', `${bytes.toString('base64url')}=`],
  ['hexadecimal', bytes.toString('hex')],
])('CURSOR_KEY is 32 bytes in %s, and may come from a file', (_form, text) => {
  expect(parseRandomKey(withEnv({ CURSOR_KEY: text }).cursorKey?.reveal() ?? '')).toEqual(bytes)
  const fromFile = configOf(validDocument(), { ...planted, CURSOR_KEY_FILE: '/run/key' }, () => `${text}\n`)
  expect(fromFile.cursorKey?.reveal()).toBe(text)
})

test.each(['short', '07'.repeat(32), '07'.repeat(31), 'x'.repeat(64), `${'A'.repeat(43)}A`, `${'A'.repeat(42)}+`])(
  'CURSOR_KEY that is anything else is a mistake, and is not shown: %s',
  (text) => {
    const mistakes = mistakesOf(validDocument(), { ...planted, CURSOR_KEY: text })
    expect(mistakes).toEqual([expect.stringMatching(/^CURSOR_KEY must be 32 random bytes in base64url or hexadecimal/)])
    expect(mistakes.join()).not.toContain(text)
  },
)
