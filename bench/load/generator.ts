import { generate, type LoadOptions } from './generate.ts'
import type { OpenLoad } from './open-loop.ts'
import { type RequestKind, type Requests, requestsOf } from './requests.ts'
import type { Load } from './tally.ts'

/** A process that makes load: told what, it answers with what came of it. */
export type Order = { readonly kind: RequestKind; readonly options: LoadOptions }
export type Done = { readonly load: Load | OpenLoad } | { readonly error: string }

/** Kept over orders: a replay has to know the answers that it is to get again. */
const known = new Map<string, Requests>()

process.on('message', async ({ kind, options }: Order) => {
  const name = JSON.stringify(kind)
  const requests = known.get(name) ?? requestsOf(kind)
  known.set(name, requests)
  const done: Done = await generate(requests, options).then(
    (load) => ({ load }),
    (error: Error) => ({ error: error.message }),
  )
  process.send?.(done)
})
process.send?.('ready')
