import { requestOf } from '../../domain/owner-token.ts'
import type { Claim, ClaimResult, IdempotencyStore } from '../../services/store-port.ts'
import { decodeAnswer, encodeAnswer } from '../answer-codec.ts'
import { recordName } from '../record-digest.ts'
import type { RedisConnection } from './connection.ts'
import { gatherAsks } from './gather-asks.ts'
import { type Reply, runForOne, runForSeveral, runScript, type ScriptItem, type ScriptName } from './scripts.ts'

const fingerprintSize = 32

/**
 * The names under which Redis holds what belongs to an idempotency key: who works on it (`run`) and what was answered
 * (`answer`). The braces put both into one slot of a cluster.
 */
export function recordKeys(key: string) {
  const tag = `cgw:{${recordName(key)}}`
  const [run, answer] = [`${tag}:run`, `${tag}:answer`]
  return { run, answer, both: [run, answer] as const }
}

/** A key is asked for when its work begins and again when it ends: of so many the digest is remembered until then. */
const mostNamed = 512

/** `recordKeys` that remembers the latest. */
function rememberingKeys(): typeof recordKeys {
  const named = new Map<string, ReturnType<typeof recordKeys>>()
  return (key) => {
    const known = named.get(key)
    if (known !== undefined) return known
    const keys = recordKeys(key)
    if (named.size === mostNamed) named.delete(named.keys().next().value as string)
    named.set(key, keys)
    return keys
  }
}

/** A longer answer goes to Redis alone. */
const shortAnswer = 64 * 1024

/** Idempotency records in Redis. Each method is one script, run at the server: `lua/claim.lua` says what is kept. */
export function redisIdempotency(connection: RedisConnection): IdempotencyStore {
  const keysOf = rememberingKeys()
  const claim = gatherRuns(connection, 'claim')
  const complete = gatherRuns(connection, 'complete')
  const run = (name: ScriptName, ...parts: (string | Buffer | number)[]) =>
    connection.run((client) => runScript(client, name, ...parts))

  return {
    claim({ key, fingerprint, formerly, owner, leaseMs, intent, keepMs }: Claim): Promise<ClaimResult> {
      const args = [fingerprint, owner, Math.ceil(leaseMs), Math.ceil(keepMs), intent, formerly ?? '']
      return claim({ keys: keysOf(key).both, args }).then(readClaim)
    },
    async mark(key, owner, mark) {
      return (await run('mark', keysOf(key).run, owner, mark)) === 1
    },
    async renew(key, owner, leaseMs) {
      return (await run('renew', keysOf(key).run, owner, Math.ceil(leaseMs))) === 1
    },
    complete(key, owner, answer, ttlMs) {
      const store = (bytes: Buffer): Promise<Reply> => {
        const item = { keys: keysOf(key).both, args: [owner, bytes, Math.max(1, Math.ceil(ttlMs))] }
        return bytes.length < shortAnswer
          ? complete(item)
          : connection.run((client) => runForOne(client, 'complete', item))
      }
      const encoded = encodeAnswer(answer)
      return (encoded instanceof Promise ? encoded.then(store) : store(encoded)).then(isDone)
    },
    async restore(key, fingerprint, answer, ttlMs) {
      const keys = keysOf(key)
      const bytes = await encodeAnswer(answer)
      return (await run('restore', keys.run, keys.answer, fingerprint, bytes, Math.max(1, Math.ceil(ttlMs)))) === 1
    },
    async release(key, owner) {
      return (await run('release', keysOf(key).run, owner)) === 1
    },
    async withdraw(key, owner) {
      return (await run('withdraw', keysOf(key).run, owner)) === 1
    },
  }
}

function isDone(reply: Reply): boolean {
  return reply === 1
}

/** What a script is asked in one turn of the event loop goes to it at once. */
function gatherRuns(connection: RedisConnection, script: 'claim' | 'complete') {
  return gatherAsks<ScriptItem, Reply>(connection, {
    together: (client, items) => runForSeveral(client, script, items),
    alone: (client, item) => runForOne(client, script, item),
  })
}

/** The reply of `lua/claim.lua`. */
function readClaim(reply: Reply): ClaimResult | Promise<ClaimResult> {
  const [kind, first = null, second = null, third = null] = reply as readonly Reply[]
  switch (String(kind)) {
    case 'claimed':
      return { kind: 'claimed' }
    case 'running':
      return { kind: 'running', retryAfterMs: first as number }
    case 'reused':
      return { kind: 'reused' }
    default:
      return String(kind) === 'done' ? readDone(first as Buffer) : readResumed(first, second, third)
  }
}

async function readDone(stored: Buffer): Promise<ClaimResult> {
  return { kind: 'done', answer: await readAnswer(stored) }
}

async function readResumed(died: Reply, stored: Reply, run: Reply): Promise<ClaimResult> {
  const previous = stored === null ? undefined : await readAnswer(stored as Buffer)
  return { kind: 'resumed', previous, died: died === 1, ...readRun(run as readonly Buffer[]) }
}

function readAnswer(stored: Buffer) {
  return decodeAnswer(stored.subarray(fingerprintSize))
}

/** Intent, marks and the request of the owner out of the fields of a run, which come as name, value, name, value … in any order. */
function readRun(flat: readonly Buffer[]): { intent: string; marks: string[]; request?: string } {
  let intent = ''
  const marks: string[] = []
  let request: string | undefined
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const field = String(flat[at])
    const value = String(flat[at + 1])
    if (field === 'i') intent = value
    else if (field === 'o') request = requestOf(value)
    else if (/^m\d+$/.test(field)) marks[Number(field.slice(1)) - 1] = value
  }
  return { intent, marks, ...(request !== undefined && { request }) }
}
