import { expect, test } from 'vitest'
import { parseRedisUrl, type RedisAddress } from '../../src/config/redis-url.ts'

const none: Omit<RedisAddress, 'kind' | 'nodes'> = {
  tls: false,
  username: undefined,
  password: undefined,
  db: 0,
  master: '',
  sentinelUsername: undefined,
  sentinelPassword: undefined,
}
const [a, b] = [
  { host: 'a', port: 6379 },
  { host: 'b', port: 7001 },
]
const login = { username: 'user', password: 'p@ss:w,rd/' }

const readable: readonly (readonly [string, RedisAddress])[] = [
  ['redis://a', { ...none, kind: 'single', nodes: [a] }],
  ['redis://b:7001/', { ...none, kind: 'single', nodes: [b] }],
  ['redis://b:7001/3', { ...none, kind: 'single', nodes: [b], db: 3 }],
  ['rediss://:secret@a', { ...none, kind: 'single', nodes: [a], tls: true, password: 'secret' }],
  ['redis://user:p%40ss%3Aw%2Crd%2F@a/1', { ...none, ...login, kind: 'single', nodes: [a], db: 1 }],
  ['redis://user@a', { ...none, kind: 'single', nodes: [a], username: 'user' }],
  ['redis://[::1]:7001', { ...none, kind: 'single', nodes: [{ host: '::1', port: 7001 }] }],
  ['redis://a,b:7001', { ...none, kind: 'cluster', nodes: [a, b] }],
  ['redis://a,', { ...none, kind: 'cluster', nodes: [a] }],
  ['rediss://user:p%40ss%3Aw%2Crd%2F@a,b:7001/0', { ...none, ...login, kind: 'cluster', nodes: [a, b], tls: true }],
  ['redis://:s@a,redis://:s@b:7001', { ...none, kind: 'cluster', nodes: [a, b], password: 's' }],
  [
    'redis+sentinel://a,b:7001/mymaster',
    { ...none, kind: 'sentinel', nodes: [{ host: 'a', port: 26379 }, b], master: 'mymaster' },
  ],
  [
    'rediss+sentinel://user:p%40ss%3Aw%2Crd%2F@b:7001/my%20master/2?sentinelUsername=u&sentinelPassword=s%26p',
    {
      ...login,
      kind: 'sentinel',
      nodes: [b],
      tls: true,
      db: 2,
      master: 'my master',
      sentinelUsername: 'u',
      sentinelPassword: 's&p',
    },
  ],
]
test.for(readable)('%s is read', ([url, address]) => {
  expect(parseRedisUrl(url)).toEqual(address)
})

const unreadable: readonly (readonly [string, string])[] = [
  ['http://:secret@a', 'begins otherwise'],
  ['secret', 'begins otherwise'],
  ['redis://', 'names no host'],
  ['redis://,', 'names no host'],
  ['redis://:secret@a:port', 'not host[:port]'],
  ['redis://:sec/ret@a', 'not host[:port]'],
  ['redis://:secret@a:0', 'port that is none'],
  ['redis://:secret@a:70000', 'port that is none'],
  ['redis://:secret@a/db', 'not a database number'],
  ['redis://:secret@a,b/1', 'asks a cluster for a database'],
  ['redis+sentinel://:secret@a', 'name of the master'],
  ['redis://:secret%@a', 'begins no percent-encoding'],
  ['redis://:secret@a?db=2', 'stands behind a slash'],
  ['redis://:secret@a/1?family=6', 'option that is not known'],
  ['rediss://:secret@a?ssl_cert_reqs=none', 'option that is not known'],
  ['redis://a?sentinelPassword=secret', 'is no redis+sentinel://'],
  ['redis+sentinel://a/m?sentinelPasswort=secret', 'option that is not known'],
  ['redis://:secret@a#2', 'not host[:port]'],
]
test.for(unreadable)('%s is refused: %s; the text holds no secret and tells the forms', ([url, reason]) => {
  const refusal = (() => {
    try {
      parseRedisUrl(url)
      return ''
    } catch (error) {
      return String(error)
    }
  })()
  expect(refusal).toContain(reason)
  expect(refusal).toContain('redis+sentinel://')
  expect(refusal).not.toMatch(/secret|sec\/|ret@/)
})
