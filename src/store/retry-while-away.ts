import { StoreUnavailable } from '../services/store-port.ts'

/** Does again what may be done again, for as long as the store is away and at most for `ms`. */
export async function retryWhileAway<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + ms
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
