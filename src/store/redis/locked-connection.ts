import { openRedisConnection, type RedisConnection, type RedisConnectionOptions } from './connection.ts'

/** Makes sure that what is behind a connection is ours to read and write; fails where it is not, or cannot be asked. */
export type Unlock = (connection: RedisConnection) => Promise<void>

export type LockedConnection = RedisConnection & {
  /** Looks again, whether or not it is unlocked. */
  check(): Promise<void>
}

/**
 * A connection on which nothing is asked of a Redis before it is unlocked: at the first call, and again whenever the
 * connection was lost, for what comes back may be another Redis, or an empty one.
 */
export function openLockedConnection(options: RedisConnectionOptions, unlock: Unlock): LockedConnection {
  let isOpen = false
  let unlocking: Promise<void> | undefined
  const connection = openRedisConnection({
    ...options,
    onConnection(up, reason) {
      if (!up) isOpen = false
      options.onConnection?.(up, reason)
    },
  })

  const check = (): Promise<void> => {
    unlocking ??= unlock(connection)
      .then(
        () => {
          isOpen = true
        },
        (error) => {
          isOpen = false
          throw error
        },
      )
      .finally(() => {
        unlocking = undefined
      })
    return unlocking
  }

  return {
    ...connection,
    run: (commands) => (isOpen ? connection.run(commands) : check().then(() => connection.run(commands))),
    check,
  }
}
