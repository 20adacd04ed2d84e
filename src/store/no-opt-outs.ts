import type { OptOutSink } from '../services/opt-out-sink.ts'
import { StoreUnavailable } from '../services/store-port.ts'

/** Keeps nothing, and says so: a wish is never called kept that is not durable. */
export const noOptOuts: OptOutSink = {
  put: async () => {
    throw new StoreUnavailable('There is no store of opt-outs.')
  },
}
