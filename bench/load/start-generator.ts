import { once } from 'node:events'
import { type Cores, loadCore, startScript } from '../machine.ts'
import type { ClosedOptions, LoadOptions, OpenOptions } from './generate.ts'
import type { Done } from './generator.ts'
import type { OpenLoad } from './open-loop.ts'
import type { RequestKind } from './requests.ts'
import type { Load } from './tally.ts'

export type Generator = {
  /** Makes load and resolves with what came of it. Fails when an answer was wrong: then there is nothing to count. */
  run(kind: RequestKind, options: ClosedOptions): Promise<Load>
  /** The same at a fixed rate. */
  runAtRate(kind: RequestKind, options: OpenOptions): Promise<OpenLoad>
  stop(): Promise<void>
}

/** `isPunctual`: it comes before the others of its core. */
export async function startGenerator(core: Cores = loadCore, isPunctual = false): Promise<Generator> {
  const { started } = await startScript('load/generator.ts', core, [], isPunctual)
  const order = async (kind: RequestKind, options: LoadOptions): Promise<Load | OpenLoad> => {
    started.child.send({ kind, options })
    const [done] = (await once(started.child, 'message')) as [Done]
    if ('error' in done) throw new Error(`${kind.kind}: ${done.error}`)
    const { load } = done
    if (load.wrong > 0)
      throw new Error(`${kind.kind}: ${load.wrong} of ${load.wrong + load.count} answers are wrong: ${load.fault}`)
    return load
  }
  return {
    run: order,
    runAtRate: (kind, options) => order(kind, options) as Promise<OpenLoad>,
    stop: () => started.stop(),
  }
}
