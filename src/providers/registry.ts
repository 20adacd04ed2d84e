import type { Adapter } from './adapter-port.ts'
import { oblic } from './oblic/index.ts'
import { octopush } from './octopush/index.ts'
import { vobiz } from './vobiz/index.ts'

/** Every provider that the gateway speaks to. A new one is a folder beside this file and a line here. */
const adapters: readonly Adapter[] = [oblic, octopush, vobiz]

/** Adapters by the word that the configuration's `provider` takes. */
export const registry: ReadonlyMap<string, Adapter> = new Map(adapters.map((adapter) => [adapter.id, adapter]))
