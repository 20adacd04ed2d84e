import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Cluster, Redis } from 'ioredis'
import { BytesCommand } from './bytes-command.ts'

/** The scripts of `lua/` by the number of keys that they take. */
const scripts = {
  mark: 1,
  renew: 1,
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
  'import-leave': 5,
  'import-mark': 5,
  'import-commit': 5,
  'import-cancel': 5,
  'import-place': 3,
  'import-place-renew': 1,
  'import-remove': 5,
  'import-told': 1,
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
  'explanation-keep': 2,
} as const

/** Those that take the keys of as many things as they are asked at once. */
const scriptsForSeveral = ['claim', 'complete', 'suppression-look-up'] as const
type ScriptForSeveral = (typeof scriptsForSeveral)[number]

export type ScriptName = keyof typeof scripts

/** A reply as ioredis gives it when asked for bytes. */
export type Reply = Buffer | number | null | readonly Reply[]

export type Argument = string | Buffer | number

/** One of the things that a script is asked at once. */
export type ScriptItem = { readonly keys: readonly string[]; readonly args: readonly Argument[] }

type Script = { readonly lua: string; readonly sha: string }

const shared = readLua('clock-and-expiry')
const known: ReadonlyMap<string, Script> = new Map(
  [...Object.keys(scripts), ...scriptsForSeveral].map((name) => [name, scriptOf(shared + readLua(name))]),
)

/**
 * Runs a script: its keys, then its arguments, in the order of its header. It is run by its hash, and sent whole where the
 * server does not know it (it was never run there, or was lost: `SCRIPT FLUSH`, restart, failover): one round trip but for
 * that case. ioredis' own `defineCommand` does the same with more objects and promises for each call.
 */
export function runScript(client: Redis | Cluster, name: ScriptName, ...parts: readonly Argument[]): Promise<Reply> {
  return evaluate(client, name, scripts[name], parts)
}

/** The same for one that takes any number of keys: so many of the parts. */
export function runWithKeys(
  client: Redis | Cluster,
  name: ScriptForSeveral,
  keys: number,
  parts: readonly Argument[],
): Promise<Reply> {
  return evaluate(client, name, keys, parts)
}

/** The same for several things at once: a reply for each, an `Error` for one that failed. */
export function runForSeveral(
  client: Redis | Cluster,
  name: ScriptForSeveral,
  items: readonly ScriptItem[],
): Promise<readonly (Reply | Error)[]> {
  const parts: Argument[] = []
  for (const { keys } of items) parts.push(...keys)
  const keys = parts.length
  for (const { args } of items) parts.push(...args)
  return runWithKeys(client, name, keys, parts) as Promise<readonly Reply[]>
}

/** The same for one thing. */
export async function runForOne(client: Redis | Cluster, name: ScriptForSeveral, item: ScriptItem): Promise<Reply> {
  const [reply] = await runForSeveral(client, name, [item])
  if (reply instanceof Error) throw reply
  return reply as Reply
}

/** `parts`: so many keys, and the arguments. */
async function evaluate(
  client: Redis | Cluster,
  name: string,
  keys: number,
  parts: readonly Argument[],
): Promise<Reply> {
  const { lua, sha } = known.get(name) as Script
  try {
    return (await client.sendCommand(new BytesCommand('evalsha', [sha, keys, ...parts]))) as Reply
  } catch (error) {
    if (!isUnknownScript(error)) throw error
    return (await client.sendCommand(new BytesCommand('eval', [lua, keys, ...parts]))) as Reply
  }
}

function readLua(name: string): string {
  return readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8')
}

function scriptOf(lua: string): Script {
  return { lua, sha: hash('sha1', lua) }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
