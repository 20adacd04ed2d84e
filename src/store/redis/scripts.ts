import { hash } from 'node:crypto'
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
  'seal-replace': 1,
  tally: 1,
  agree: 1,
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
  'import-place': 3,
  'import-place-renew': 1,
  'import-remove': 5,
  'import-turns': 1,
  'import-rewrite': 5,
  'suppression-replace': 3,
  'suppression-remove': 3,
  'suppression-page': 2,
  'suppression-quota': 1,
  'erasure-begin': 5,
  'erasure-replace': 6,
  'erasure-take': 5,
  'reach-replace': 2,
  'delivery-add': 5,
  'delivery-replace': 5,
} as const

export type ScriptName = keyof typeof scripts

/** A reply as ioredis gives it when asked for bytes. */
export type Reply = Buffer | number | null | readonly Reply[]

type Argument = string | Buffer | number

type Script = { readonly lua: string; readonly sha: string; readonly numberOfKeys: number }

const shared = readLua('clock-and-expiry')
const known: ReadonlyMap<string, Script> = new Map(
  Object.entries(scripts).map(([name, numberOfKeys]) => [name, scriptOf(shared + readLua(name), numberOfKeys)]),
)

/**
 * Runs a script: its keys, then its arguments, in the order of its header. It is run by its hash, and sent whole where the
 * server does not know it (it was never run there, or was lost: `SCRIPT FLUSH`, restart, failover): one round trip but for
 * that case. ioredis' own `defineCommand` does the same with more objects and promises for each call.
 */
export async function runScript(
  client: Redis | Cluster,
  name: ScriptName,
  ...parts: readonly Argument[]
): Promise<Reply> {
  const { lua, sha, numberOfKeys } = known.get(name) as Script
  try {
    return (await client.callBuffer('evalsha', sha, numberOfKeys, ...parts)) as Reply
  } catch (error) {
    if (!isUnknownScript(error)) throw error
    return (await client.callBuffer('eval', lua, numberOfKeys, ...parts)) as Reply
  }
}

function readLua(name: string): string {
  return readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8')
}

function scriptOf(lua: string, numberOfKeys: number): Script {
  return { lua, sha: hash('sha1', lua), numberOfKeys }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
