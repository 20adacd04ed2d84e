import { once } from 'node:events'
import { loadCore, startScript } from '../machine.ts'
import type { Load, LoadOptions } from './generate.ts'
import type { Done } from './generator.ts'
import type { RequestKind } from './requests.ts'

export type Generator = {
  /** Makes load and resolves with what came of it. Fails when an answer was wrong: then there is nothing to count. */
  run(kind: RequestKind, options: LoadOptions): Promise<Load>
  stop(): Promise<void>
}

export async function startGenerator(core = loadCore): Promise<Generator> {
  const { started } = await startScript('load/generator.ts', core)
  return {
    async run(kind, options) {
      started.child.send({ kind, options })
      const [done] = (await once(started.child, 'message')) as [Done]
      if ('error' in done) throw new Error(`${kind.kind}: ${done.error}`)
      const { load } = done
      if (load.wrong > 0)
        throw new Error(`${kind.kind}: ${load.wrong} of ${load.wrong + load.count} answers are wrong: ${load.fault}`)
      return load
    },
    stop: () => started.stop(),
  }
}
