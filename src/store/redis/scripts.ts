import { readFileSync } from 'node:fs'
import type { Cluster, Redis } from 'ioredis'

/** The scripts of `lua/` by the number of keys that they take. */
const scripts = {
  claim: 2,
  mark: 1,
  renew: 1,
  complete: 2,
  restore: 2,
  release: 1,
  withdraw: 1,
  tally: 1,
  pace: 1,
  'writer-take': 4,
  'writer-end': 2,
  'group-take': 2,
  'group-end': 2,
  'import-append': 5,
  'import-publish': 5,
  'import-start': 5,
  'import-mark': 5,
  'import-commit': 5,
  'import-cancel': 5,
  'import-turns': 1,
} as const

export type ScriptName = keyof typeof scripts

/** A reply as ioredis gives it when asked for bytes. */
export type Reply = Buffer | number | null | readonly Reply[]

type Argument = string | Buffer | number

/** Runs a script: its keys, then its arguments, in the order of its header. */
export type RunScript = (client: Redis | Cluster, name: ScriptName, ...parts: readonly Argument[]) => Promise<Reply>

/**
 * Makes the scripts known to a client. ioredis sends a script whole the first time on each connection, then by its hash,
 * and whole again where the server has lost it (`SCRIPT FLUSH`, restart, failover): one round trip but for that case.
 */
export function defineScripts(client: Redis | Cluster): RunScript {
  for (const [name, numberOfKeys] of Object.entries(scripts)) {
    const lua = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8')
    client.defineCommand(commandName(name), { lua, numberOfKeys })
  }
  return (target, name, ...parts) => {
    const commands = target as unknown as Record<string, (...parts: readonly Argument[]) => Promise<Reply>>
    const command = commands[`${commandName(name)}Buffer`]
    if (command === undefined) throw new Error(`no script ${name}`)
    return command.call(target, ...parts)
  }
}

/** ioredis makes each script a method of the client: no name of a Redis command may be taken. */
function commandName(name: string): string {
  return `cgw:${name}`
}
