import type { Database } from './database.ts'
import { emptyLog } from './empty-log.ts'
import { importSweep } from './import-sweep.ts'
import { writerSweep } from './writers.ts'

/** How many records of a kind one transaction deletes: few enough to hold up neither this process nor another. */
const stepSize = 200
const everyMs = 15_000

/**
 * Deletes what has expired, in small steps, now and then for as long as the process lives or until `stop`. Reading does
 * not depend on it: it only gives the room back.
 */
export function startSweeping(database: Database, now: () => number): { sweep(): Promise<void>; stop(): void } {
  const ofPeople = [sweepSteps(database, now), importSweep(database, now)]
  const others = writerSweep(database, now)
  const forget = forgetting(database)
  let stopped = false
  const sweep = async () => {
    for (const step of [...ofPeople, others])
      while (!stopped && step()) {
        if (step !== others) forget.isDue = true
        await new Promise((resolve) => setImmediate(resolve))
      }
    if (!stopped) await forget.now()
  }
  // A failure (locked, disk full) shows in the requests; here it can wait for the next time.
  const timer = setInterval(() => sweep().catch(() => {}), everyMs)
  timer.unref()
  const stop = () => {
    stopped = true
    clearInterval(timer)
  }
  return { sweep, stop }
}

/** A busy log is emptied once in this time: it takes the disk some milliseconds. */
const forgetEveryMs = 60_000

/**
 * Receipts of erasures say until when something of the person is kept. What was deleted would stay in the file until its log
 * is brought into it, and in the log until it is written over: where there are receipts, neither is left to chance.
 */
function forgetting({ connection }: Database) {
  const anyReceipt = connection.prepare('SELECT 1 FROM erasures LIMIT 1')
  let doneAt = Number.NEGATIVE_INFINITY
  return {
    /** Something of people was deleted since the last time. */
    isDue: false,
    async now() {
      if (!this.isDue || performance.now() - doneAt < forgetEveryMs || anyReceipt.get() === undefined) return
      if (!(await emptyLog(connection))) return
      this.isDue = false
      doneAt = performance.now()
    },
  }
}

/** One step; tells whether it has deleted something, after which there may be more to do. */
function sweepSteps(database: Database, now: () => number): () => boolean {
  const { connection } = database
  const expiredRuns = connection.prepare('SELECT key FROM runs WHERE expires_at <= ? LIMIT ?')
  const deleteMarks = connection.prepare('DELETE FROM marks WHERE key = ?')
  const deleteRun = connection.prepare('DELETE FROM runs WHERE key = ?')
  const expiredAnswers = connection.prepare('SELECT key FROM answers WHERE expires_at <= ? LIMIT ?')
  const deleteAnswer = connection.prepare('DELETE FROM answers WHERE key = ?')
  const deleteErasures = connection.prepare('DELETE FROM erasures WHERE expires_at <= ?')
  const expiredErasure = connection.prepare('SELECT 1 FROM erasures WHERE expires_at <= ? LIMIT 1')
  const deleteExplanations = connection.prepare(
    'DELETE FROM explanations WHERE rowid IN (SELECT rowid FROM explanations WHERE expires_at <= ? LIMIT ?)',
  )
  const expiredExplanation = connection.prepare('SELECT 1 FROM explanations WHERE expires_at <= ? LIMIT 1')
  const isOver = (statement: typeof expiredErasure) => statement.get(now()) !== undefined
  const keysOf = (statement: typeof expiredRuns) => statement.all(now(), stepSize).map((row) => row.key ?? null)

  return () => {
    // Most of the time there is nothing: look without taking the lock.
    const isAnyOver = isOver(expiredErasure) || isOver(expiredExplanation)
    if (keysOf(expiredRuns).length === 0 && keysOf(expiredAnswers).length === 0 && !isAnyOver) return false
    return database.write('written', () => {
      const runs = keysOf(expiredRuns)
      for (const key of runs) {
        deleteMarks.run(key)
        deleteRun.run(key)
      }
      const answers = keysOf(expiredAnswers)
      for (const key of answers) deleteAnswer.run(key)
      deleteErasures.run(now())
      deleteExplanations.run(now(), stepSize)
      return true
    })
  }
}
