import { randomUUID } from 'node:crypto'
import { type ChunkResult, JobLost } from '../../../services/import-store-port.ts'
import { importLifetimes } from '../../import-lifetimes.ts'
import { countedCodes } from '../../import-losses.ts'
import { countedRows, wrongChunk } from '../../import-progress.ts'
import { retryWhileAway } from '../../retry-while-away.ts'
import type { RedisConnection } from '../connection.ts'
import { type Reply, runScript, type ScriptName } from '../scripts.ts'
import { importKeys } from './import-keys.ts'
import type { QueuedBlock } from './import-queues.ts'

/** A job that is ours until another owner starts it. */
export type HeldJob = {
  readonly payload: Buffer
  readonly committed: number
  readonly markedUpTo: number | undefined
  readonly wasLeft: boolean
  sending(): void
  /** Nobody commits or sends any more. Where it fails, the next one takes for possibly sent what is not committed. */
  leave(): Promise<void>
  mark(upTo: number): Promise<void>
  /** How the job stands afterwards. */
  commit(result: ChunkResult, markUpTo?: number): Promise<'open' | 'done' | 'canceled'>
}

/** Takes a job over, from whoever had it; `undefined`: there is nothing to do. */
export async function startJob(
  connection: RedisConnection,
  { importId, accountNumber, block }: QueuedBlock,
  leaseMs: number,
): Promise<HeldJob | undefined> {
  const keys = importKeys(importId).all
  const owner = randomUUID()
  const run = (name: ScriptName, ...parts: (string | number | Buffer)[]) =>
    connection.run((redis) => runScript(redis, name, ...keys, accountNumber, block, owner, ...parts))

  const started = await run('import-start', now())
  if (started === null) return undefined
  const [payload, committed, marked, before] = started as readonly [Buffer | null, number, Buffer, number]
  if (payload === null) throw new Error(`The rows of block ${block} of an import are gone: was memory short?`)

  const wasLeft = before === 1
  let isSending = false
  return {
    payload,
    committed,
    wasLeft,
    sending() {
      isSending = true
    },
    async leave() {
      if (!wasLeft && !isSending) await run('import-leave')
    },
    markedUpTo: String(marked) === '-' ? undefined : Number(String(marked)),
    async mark(upTo) {
      if ((await run('import-mark', upTo)) !== 1) throw lost()
    },
    async commit(result, markUpTo) {
      const counts = countedRows(result)
      const losses = countedCodes(result).flatMap(({ kind, code, count }) => [`${kind}:${code}`, count])
      const lifetimes = [importLifetimes.unfinished, importLifetimes.ended]
      const parts = [now(), ...lifetimes, markUpTo ?? '-', counts.length, ...counts.flat(), ...losses]
      // The rows have been sent: what became of them must not be lost to a hiccup of the store. Once more does no harm.
      const reply: Reply = await retryWhileAway(leaseMs, () =>
        run('import-commit', result.upTo, result.report, ...parts),
      )
      const verdict = String(reply)
      if (verdict === 'lost') throw lost()
      if (verdict === 'wrong') throw wrongChunk(result)
      isSending = false
      return verdict as 'open' | 'done' | 'canceled'
    },
  }
}

function lost(): JobLost {
  return new JobLost('Another worker has the job, or the import is gone.')
}

function now(): string {
  return new Date().toISOString()
}
