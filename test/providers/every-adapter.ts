import type { Adapter } from '../../src/providers/adapter-port.ts'
import { registry } from '../../src/providers/registry.ts'
import { pigeon } from '../made-up/pigeon/index.ts'

/** The adapters that are shipped, and the made-up one of docs/add-a-provider.md: what holds of all holds of that one too. */
export const everyAdapter: ReadonlyMap<string, Adapter> = new Map([...registry, [pigeon.id, pigeon]])
