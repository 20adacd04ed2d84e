import { openRedisConnection, type RedisConnection, type RedisConnectionOptions } from './connection.ts'

/** Makes sure that what is behind a connection is ours to read and write; fails where it is not, or cannot be asked. */
export type Unlock = (connection: RedisConnection) => Promise<void>

/**
 * A connection on which nothing is asked of a Redis before it is unlocked: at the first call, and again whenever the
 * connection was lost, for what comes back may be another Redis, or an empty one.
 */
export function openLockedConnection(options: RedisConnectionOptions, unlock: Unlock): RedisConnection {
  let isOpen = false
  let unlocking: Promise<void> | undefined
  const connection = openRedisConnection({
    ...options,
    onConnection(up, reason) {
      if (!up) isOpen = false
      options.onConnection?.(up, reason)
    },
  })

  const open = (): Promise<void> => {
    unlocking ??= unlock(connection)
      .then(() => {
        isOpen = true
      })
      .finally(() => {
        unlocking = undefined
      })
    return unlocking
  }

  return {
    ...connection,
    run: (commands) => (isOpen ? connection.run(commands) : open().then(() => connection.run(commands))),
  }
}
