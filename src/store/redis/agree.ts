import type { Store } from '../../services/store-port.ts'
import type { RedisConnection } from './connection.ts'
import { runScript } from './scripts.ts'

/** Agreements in Redis; `lua/agree.lua` says what is kept. */
export function redisAgree(connection: RedisConnection): Store['agree'] {
  return async (name, offer, keepMs) => {
    const key = `cgw:agreed:${name}`
    return (await connection.run((client) => runScript(client, 'agree', key, offer, keepMs))) as Buffer
  }
}
