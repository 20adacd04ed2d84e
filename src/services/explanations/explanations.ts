import { setImmediate } from 'node:timers/promises'
import { explain } from '../../domain/explain-request.ts'
import type { AnsweredRequest, ExplanationHead, ToldAccount } from '../../domain/explanation.ts'
import type {
  ExplanationLimits,
  ExplanationPage,
  ExplanationQuery,
  ExplanationStore,
  FoundExplanation,
} from '../explanation-store-port.ts'
import { StoreUnavailable } from '../store-port.ts'
import { createWriter } from './write-behind.ts'

/** A request as it is explained to whoever asks. */
export type ExplainedRequest = ListedRequest & {
  readonly accounts: readonly ToldAccount[]
  readonly accountsLeftOut?: number
}

/** The same in a list of many. `sameId`: how many requests of the client had this id. */
export type ListedRequest = ExplanationHead & { readonly sameId: number }

/** Explanations of the requests that were worth one. */
export type Explanations = {
  /** Explains a request that is being answered. It is found here at once, and written in the background. */
  add(request: AnsweredRequest): void
  /** @throws StoreUnavailable where it is not found here and the store cannot be asked */
  find(client: string, id: string): Promise<ExplainedRequest | undefined>
  /** @throws StoreUnavailable */
  page(
    client: string,
    query: ExplanationQuery,
  ): Promise<{ readonly items: readonly ListedRequest[]; readonly next: string | undefined }>
  /** Writes what is not written yet. */
  close(): Promise<void>
}

/** Of one client. */
const [mostKept, mostKeptBytes] = [10_000, 32 * 1_048_576]

export type ExplanationsOptions = {
  readonly store: ExplanationStore
  readonly keepMs: number
  /** So many explanations were lost: they waited for the store, and there was no room for more. */
  readonly onLost?: ((count: number) => void) | undefined
}

export function createExplanations({ store, keepMs, onLost }: ExplanationsOptions): Explanations {
  const limits: ExplanationLimits = { keepMs, most: mostKept, mostBytes: mostKeptBytes }
  const writer = createWriter((client, waiting) => store.keep(client, waiting, limits), onLost)

  return {
    add(request) {
      const { head, accounts, accountsLeftOut } = explain(request)
      const { id, client, status, list, receivedAt } = head
      writer.add(client, {
        id,
        at: Date.parse(receivedAt),
        status,
        list,
        head: JSON.stringify(head),
        accounts: JSON.stringify(accountsLeftOut === 0 ? accounts : { accounts, accountsLeftOut }),
      })
    },
    async find(client, id) {
      await writer.settled(client, id)
      // Whoever has read an answer may ask a moment before it is looked at.
      if (writer.find(client, id).count === 0) await setImmediate()
      const here = writer.find(client, id)
      const stored = await store.get(client, id).catch((error: unknown) => {
        if (here.newest === undefined || !(error instanceof StoreUnavailable)) throw error
        return undefined
      })
      const newest = here.newest !== undefined && here.newest.at >= (stored?.at ?? 0) ? here.newest : stored
      return newest && explained({ ...newest, sameId: here.count + (stored?.sameId ?? 0) })
    },
    async page(client, query) {
      await writer.flush()
      const { items, next } = await store.page(client, query)
      return { items: items.map(listed), next }
    },
    close: writer.close,
  }
}

function listed({ head, sameId }: ExplanationPage['items'][number]): ListedRequest {
  return { ...(JSON.parse(head) as ExplanationHead), sameId }
}

function explained(found: FoundExplanation): ExplainedRequest {
  const told = JSON.parse(found.accounts) as
    | readonly ToldAccount[]
    | { readonly accounts: readonly ToldAccount[]; readonly accountsLeftOut: number }
  return { ...listed(found), ...('accounts' in told ? told : { accounts: told }) }
}
