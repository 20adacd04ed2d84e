import { once } from 'node:events'
import { type Cores, loadCore, startScript } from '../machine.ts'

export type Counts = { readonly oblic: number; readonly octopush: number; readonly vobiz: number }

export type Upstream = {
  readonly port: number
  readonly pid: number
  /** The contacts that each provider was sent since this was last asked. */
  counts(): Promise<Counts>
  stop(): Promise<void>
}

/** The providers; where nothing else is said, on the core of the load generator. */
export async function startUpstream(core: Cores = loadCore): Promise<Upstream> {
  const { started, ready } = await startScript<number>('systems/upstream.ts', core)
  return {
    port: ready,
    pid: started.pid,
    async counts() {
      started.child.send('counts')
      const [counts] = (await once(started.child, 'message')) as [Counts]
      return counts
    },
    stop: started.stop,
  }
}
