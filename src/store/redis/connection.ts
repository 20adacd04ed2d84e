import { setImmediate } from 'node:timers'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { parseRedisUrl, type RedisAddress } from '../../config/redis-url.ts'
import { StoreUnavailable } from '../../services/store-port.ts'
import { type EndOfTurn, endOfTurn } from './end-of-turn.ts'
import { toStoreError } from './failures.ts'
import { onOneDatabase } from './one-database.ts'

/** Everything that is asked of Redis is answered, or fails, within this time. */
const budgetMs = 900

export type RedisConnectionOptions = {
  readonly url: string
  /** Told when the connection is lost or refused (`up` false, why) and when it can be used again. For the log. */
  readonly onConnection?: ((up: boolean, reason: string) => void) | undefined
}

/** A connection that mends itself: it tries again, at most a second apart, for as long as it is open. */
export type RedisConnection = {
  readonly client: Redis | Cluster
  /** Runs commands. Fails with `StoreUnavailable` within 1 s when Redis is away, hangs or refuses to work. */
  run<T>(commands: (client: Redis | Cluster) => Promise<T>): Promise<T>
  /** `undefined` in a cluster, which has a connection to each node. */
  readonly turn: EndOfTurn | undefined
  /** Ends the connection, after what was asked before is answered (at most 1 s). */
  close(): Promise<void>
}

/**
 * Opens a connection to the Redis of a `REDIS_URL` and does not wait for it: a gateway may be started before its Redis.
 * Fails only for a URL that cannot be read.
 */
export function openRedisConnection({ url, onConnection = () => {} }: RedisConnectionOptions): RedisConnection {
  const address = parseRedisUrl(url)
  const client = address.kind === 'cluster' ? openCluster(address) : openServer(address)
  let lostAt = performance.now()
  let ready = Promise.withResolvers<void>()
  let reported: boolean | undefined
  let closing = false
  let lastReason = 'the connection was closed'
  const report = (up: boolean, reason: string) => {
    if (up !== reported && !closing) onConnection(up, reason)
    reported = up
  }
  client.on('ready', () => {
    ready.resolve()
    report(true, 'connected')
  })
  client.on('close', () => {
    if (reported) {
      lostAt = performance.now()
      ready = Promise.withResolvers<void>()
    }
    report(false, lastReason)
  })
  // Without a listener ioredis prints each error. A reason for being away is told once; there are many attempts.
  client.on('error', (error) => {
    lastReason = toStoreError(error).message
    if (client.status !== 'ready') report(false, lastReason)
  })

  /**
   * Waits for a connection that is being made or has just been lost, so that a failover or a restart of less than a
   * second costs no request. Once it has been away for longer, whoever asks hears so at once. That the first connection
   * is not there yet, after a start that took its time, says nothing of Redis.
   */
  const untilReady = async (): Promise<void> => {
    const isAway = reported === false && performance.now() - lostAt > budgetMs
    if (client.status === 'end' || isAway) throw new StoreUnavailable(lastReason)
    return ready.promise
  }

  const turn = client instanceof Redis ? endOfTurn(client) : undefined

  const run = <T>(commands: (client: Redis | Cluster) => Promise<T>): Promise<T> =>
    client.status === 'ready' ? within(budgetMs, send(commands)) : runWhenReady(commands)

  const runWhenReady = async <T>(commands: (client: Redis | Cluster) => Promise<T>): Promise<T> => {
    const deadline = performance.now() + budgetMs
    await within(budgetMs, untilReady())
    return within(deadline - performance.now(), send(commands))
  }

  const send = <T>(commands: (client: Redis | Cluster) => Promise<T>): Promise<T> => {
    turn?.gather()
    return commands(client)
  }

  const close = async () => {
    closing = true
    if (client.status === 'ready') await run((open) => open.quit()).catch(() => {})
    client.disconnect()
  }
  return { client, run, turn, close }
}

function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new StoreUnavailable(`Redis did not answer within ${budgetMs} ms.`))
    // Where the event loop was blocked, the timer comes before the answers that wait in the socket: let these in first.
    const timer = setTimeout(() => setImmediate(late), ms)
    const settle = <V>(done: (value: V) => void, value: V) => {
      clearTimeout(timer)
      done(value)
    }
    answer.then(
      (value) => settle(resolve, value),
      (error) => settle(reject, toStoreError(error)),
    )
  })
}

/**
 * Commands are sent on a living connection or not at all (no offline queue), and never by ioredis a second time: what
 * its caller has given up must not happen later.
 */
function sharedOptions({ username, password, tls }: RedisAddress) {
  return {
    username,
    password,
    tls: tls ? {} : undefined,
    connectionName: 'contact-gateway',
    connectTimeout: 1000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // A server that vanished without closing the connection is noticed by its silence, not by TCP after a quarter hour.
    socketTimeout: 2000,
    maxLoadingRetryTime: 250,
    // After a failover the old master refuses writes as a replica: look again who is the master.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    // The older protocol is all we need, and what every managed Redis and proxy speaks.
    protocol: 2,
  } satisfies RedisOptions
}

/** Tries again after 50 ms, 100 ms, … 1 s, a quarter of it by chance, so that replicas do not come back all at once. */
function retryDelayMs(attempt: number): number {
  const delay = Math.min(1000, 50 * 2 ** Math.min(attempt - 1, 5))
  return delay * (0.75 + Math.random() / 4)
}

function openServer(address: RedisAddress): Redis {
  const { db, nodes, tls, master, sentinelUsername, sentinelPassword } = address
  const options = { ...sharedOptions(address), db, retryStrategy: retryDelayMs }
  if (address.kind === 'single') return onOneDatabase(new Redis({ ...options, ...nodes[0] }))
  const toMaster = new Redis({
    ...options,
    sentinels: [...nodes],
    name: master,
    sentinelUsername,
    sentinelPassword,
    sentinelRetryStrategy: retryDelayMs,
    sentinelCommandTimeout: 1000,
    failoverDetector: true,
    ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
  })
  return onOneDatabase(toMaster)
}

function openCluster(address: RedisAddress): Cluster {
  const { enableOfflineQueue: _, ...redisOptions } = sharedOptions(address)
  return new Cluster([...address.nodes], {
    redisOptions,
    enableOfflineQueue: false,
    clusterRetryStrategy: retryDelayMs,
    slotsRefreshTimeout: 1000,
    slotsRefreshInterval: 5000,
    // With TLS the certificate is the host name's: keep the name.
    ...(address.tls ? { dnsLookup: (host, found) => found(null, host) } : {}),
  })
}
