import { Socket } from 'node:net'
import { StatementSync } from 'node:sqlite'

/**
 * For gateway processes: they kill themselves with SIGKILL at a step of an erasure, the one that the variable DIE_AT_STEP
 * says: right before it, or, with `after`, right after it was handed over. Steps are writes of erasures, of the suppression
 * list and of rows that are rewritten, and the calls of providers.
 */
const [step = '', when = 'before'] = (process.env.DIE_AT_STEP ?? '').split(' ')
let left = Number(step)

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

function atStep<T>(work: () => T): T {
  left -= 1
  if (left === 0 && when === 'before') die()
  const result = work()
  if (left === 0) die()
  return result
}

const ofRedis = [
  // The record, with its addresses or without.
  /evalsha?\r\n[\s\S]*cgw:\{erasures\}:[\s\S]*"isSuppressed"/i,
  /evalsha?\r\n[\s\S]*cgw:\{suppressed \d+\}:entries/i,
  // Rewritten: the SHA-1 of what was there before goes with it.
  /evalsha?\r\n[\s\S]*cgw:import:\{[\s\S]*\$40\r\n[0-9a-f]{40}\r\n\$\d+\r\n/i,
]
const ofProviders = /^(GET|POST|DELETE) \S*(contacts?|contact-list)/

const write = Socket.prototype.write
Socket.prototype.write = function (this: Socket, ...parts: Parameters<typeof write>): boolean {
  const text = String(Buffer.isBuffer(parts[0]) ? parts[0].toString('latin1') : parts[0])
  const isStep = ofProviders.test(text) || ofRedis.some((one) => one.test(text))
  const run = () => write.apply(this, parts)
  return isStep ? atStep(run) : run()
} as typeof write

const tables = /\b(erasures|erasure_people|suppressions|import_blocks|import_reports)\b/
const runStatement = StatementSync.prototype.run
const getFromStatement = StatementSync.prototype.get
let isInStep = false

/** In SQLite a step is a transaction: what it writes is there with its commit. */
function ofSqlite<T>({ sourceSQL: sql }: StatementSync, work: () => T): T {
  if (/^\s*(INSERT|UPDATE|DELETE)/i.test(sql) && tables.test(sql) && !/SET wake_at = \?/.test(sql)) isInStep = true
  if (!isInStep || !/^COMMIT/i.test(sql)) return work()
  isInStep = false
  return atStep(work)
}
StatementSync.prototype.run = function (this: StatementSync, ...parts: Parameters<typeof runStatement>) {
  return ofSqlite(this, () => runStatement.apply(this, parts))
} as typeof runStatement
StatementSync.prototype.get = function (this: StatementSync, ...parts: Parameters<typeof getFromStatement>) {
  return ofSqlite(this, () => getFromStatement.apply(this, parts))
} as typeof getFromStatement
