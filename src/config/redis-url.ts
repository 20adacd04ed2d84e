/** Where a Redis is, and how to log in. */
export type RedisAddress = {
  readonly kind: 'single' | 'cluster' | 'sentinel'
  /** The server; some nodes of the cluster; the sentinels. */
  readonly nodes: readonly RedisNode[]
  readonly tls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  readonly db: number
  /** What the sentinels call the group of servers; '' but for sentinels. */
  readonly master: string
  /** How to log in to the sentinels themselves. */
  readonly sentinelUsername: string | undefined
  readonly sentinelPassword: string | undefined
}

export type RedisNode = { readonly host: string; readonly port: number }

const forms =
  'Known forms: redis://[user:password@]host[:port][/db], rediss:// for TLS, several nodes separated by commas for a ' +
  'cluster, redis+sentinel://[user:password@]host[:port],host[:port]/master[/db].'

/** What is wrong with a `REDIS_URL`; without the URL, which holds a password. */
export class BadRedisUrl extends Error {
  /** Completes "REDIS_URL …". */
  readonly what: string

  constructor(what: string) {
    super(`REDIS_URL ${what}. ${forms}`)
    this.what = `${what}. ${forms}`
  }
}

/**
 * Reads `REDIS_URL`:
 * - `redis://[user:password@]host[:6379][/db]`; `rediss://` for TLS
 * - `redis://[user:password@]a:6379,b:6379` a cluster (a trailing comma makes one of a single known node); each node
 *   may repeat the scheme; no db
 * - `redis+sentinel://[user:password@]a[:26379],b/<master>[/db]`, `rediss+sentinel://` for TLS; user and password are the
 *   server's; `?sentinelUsername=…&sentinelPassword=…` are the sentinels'
 *
 * User, password and master are percent-decoded. @throws {BadRedisUrl}
 */
export function parseRedisUrl(url: string): RedisAddress {
  const [, scheme = '', rest = ''] = /^(rediss?(?:\+sentinel)?):\/\/(.*)$/.exec(url.trim()) ?? fail('begins otherwise')
  const [beforeQuery = '', query = ''] = rest.split('?', 2)
  const sentinel = scheme.endsWith('+sentinel')
  const parts = beforeQuery.split(',')
  const read = parts.filter((part) => part !== '').map((part) => readPart(part, scheme, sentinel ? 26379 : 6379))
  if (read.length === 0) fail('names no host')
  const path = read.at(-1)?.path ?? []
  const login = read.find((part) => part.username !== undefined || part.password !== undefined)
  const cluster = !sentinel && parts.length > 1
  return {
    kind: sentinel ? 'sentinel' : cluster ? 'cluster' : 'single',
    nodes: read.map(({ host, port }) => ({ host, port })),
    tls: scheme.startsWith('rediss'),
    username: login?.username,
    password: login?.password,
    ...(sentinel ? readSentinelPath(path) : { master: '', db: readDatabase(path, cluster) }),
    ...readOptions(query, sentinel),
  }
}

type SentinelLogin = Pick<RedisAddress, 'sentinelUsername' | 'sentinelPassword'>

/** An option that nobody reads would be a setting that does nothing: another database, or a certificate, than was meant. */
function readOptions(query: string, sentinel: boolean): SentinelLogin {
  const { sentinelUsername, sentinelPassword, ...unknown } = Object.fromEntries(new URLSearchParams(query))
  if (unknown.db !== undefined) fail('has the option db: the number of the database stands behind a slash, host/2')
  if (Object.keys(unknown).length > 0)
    fail('has an option that is not known here: only sentinelUsername and sentinelPassword are')
  if (!sentinel && (sentinelUsername ?? sentinelPassword) !== undefined)
    fail('has a login for sentinels, and is no redis+sentinel://')
  return { sentinelUsername, sentinelPassword }
}

type Part = RedisNode & { username: string | undefined; password: string | undefined; path: readonly string[] }

/** One of the parts between the commas. The last one carries the path; each may carry user and password. */
function readPart(part: string, scheme: string, defaultPort: number): Part {
  const text = part.startsWith(`${scheme}://`) ? part.slice(scheme.length + 3) : part
  const [authority = '', ...path] = text.split('/')
  const at = authority.lastIndexOf('@')
  const [username = '', password = ''] = at < 0 ? [] : splitOnce(authority.slice(0, at), ':')
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:[\]@#\s]+)(?::(\d{1,5}))?$/.exec(authority.slice(at + 1))
  if (match === null)
    fail('has a node that is not host[:port] (in user and password, : / ? @ and , must be percent-encoded)')
  const port = match[2] === undefined ? defaultPort : Number(match[2])
  if (port < 1 || port > 65535) fail('has a port that is none')
  return {
    host: (match[1] ?? '').replace(/^\[|\]$/g, ''),
    port,
    username: decode(username) || undefined,
    password: decode(password) || undefined,
    path: path.filter((segment) => segment !== '').map(decode),
  }
}

function readDatabase(path: readonly string[], cluster: boolean): number {
  const db = path[0] ?? '0'
  if (path.length > 1 || !/^\d{1,4}$/.test(db)) fail('has a path that is not a database number')
  if (cluster && db !== '0') fail('asks a cluster for a database: it has only number 0')
  return Number(db)
}

function readSentinelPath([master, ...rest]: readonly string[]): { master: string; db: number } {
  if (master === undefined) fail('does not say the name of the master: redis+sentinel://host:port/<master>')
  return { master, db: readDatabase(rest, false) }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return fail('has a % that begins no percent-encoding')
  }
}

function fail(what: string): never {
  throw new BadRedisUrl(what)
}
