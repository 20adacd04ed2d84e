import type { WriterStore, WriterTurn } from '../../services/store-port.ts'
import { recordName } from '../record-digest.ts'
import type { RedisConnection } from './connection.ts'
import { runScript, type ScriptName } from './scripts.ts'

const [isTaken, isFresh] = [-2, -1]

/** Turns of writers in Redis. Each method is one script: `lua/writer-take.lua` says what is kept. */
export function redisWriters(connection: RedisConnection): WriterStore {
  const run = (name: ScriptName, ...parts: (string | Buffer | number)[]) =>
    connection.run((client) => runScript(client, name, ...parts))

  return {
    async takeOne(turn, leaseMs, traceMs) {
      const { one, alone, groups, ended } = keysOf(turn)
      const ago = await run('writer-take', one, alone, groups, ended, turn.owner, turn.names, leaseMs, traceMs)
      if (ago === isTaken) return 'taken'
      return { endedMsAgo: ago === isFresh ? undefined : (ago as number) }
    },
    async endOne(turn, traceMs) {
      const { one, alone } = keysOf(turn)
      await run('writer-end', one, alone, turn.owner, turn.names, traceMs)
    },
    async takeGroup(turn, leaseMs) {
      const { alone, groups } = keysOf(turn)
      const taken = await run('group-take', alone, groups, memberOf(turn), leaseMs)
      return (taken as readonly Buffer[]).map((name) => name.readUInt32BE())
    },
    async endGroup(turn, traceMs) {
      const { groups, ended } = keysOf(turn)
      await run('group-end', groups, ended, memberOf(turn), traceMs)
    },
  }
}

/** The braces put all of an account into one slot of a cluster. */
function keysOf({ account, names }: WriterTurn) {
  const tag = `cgw:{writers ${recordName(account)}}`
  return {
    one: `${tag}:${names.toString('hex', 0, 4)}`,
    alone: `${tag}:alone`,
    groups: `${tag}:groups`,
    ended: `${tag}:ended`,
  }
}

function memberOf({ owner, names }: WriterTurn): Buffer {
  return Buffer.concat([Buffer.from(owner, 'latin1'), names])
}
