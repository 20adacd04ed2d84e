import { flushCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * From now on compiled code stays. V8 throws away what was not called between a few collections: after some seconds
 * without requests the next ones would be compiled anew, at nearly twice the processor time for some seconds (ADR 0011).
 * It is also written to the disk at once, for the next start: a process that is killed would not do that at its end.
 */
export function keepCompiledCode(): void {
  setFlagsFromString('--no-flush-bytecode')
  flushCompileCache()
}

/**
 * Collects all garbage at once and gives the memory back to the system: about 25 MB after the start, which V8 would keep
 * until there is a need. Takes some 50 ms, in which nothing else is done.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as NodeJS.GCFunction
  setFlagsFromString('--no-expose-gc')
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
