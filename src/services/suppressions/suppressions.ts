import type { StoredSuppression, SuppressionPage, SuppressionQuery } from '../suppression-store-port.ts'
import { type AddedSuppression, type AddingTo, addSuppressions, type NewSuppressions } from './add-suppressions.ts'
import { noticeOf } from './list-notices.ts'
import { type AddressDraft, readAddress, type SuppressionRefusal } from './read-suppression.ts'

/** The suppression list, as it is kept by people and their programs. */
export type Suppressions = {
  /** @throws TooManySuppressions */
  add(said: NewSuppressions): Promise<readonly AddedSuppression[]>
  /** `undefined`: the address is not on the list. */
  search(address: AddressDraft): Promise<StoredSuppression | undefined | SuppressionRefusal>
  get(id: string): Promise<StoredSuppression | undefined>
  page(query: SuppressionQuery): Promise<SuppressionPage>
  /** Durable. The entry that was taken off; `undefined`: there was none. */
  remove(id: string, request?: string): Promise<StoredSuppression | undefined>
}

/** Told of what becomes of entries. */
export type SuppressionObserver = {
  changed(change: 'created' | 'updated' | 'removed', reason: StoredSuppression['reason']): void
}

export function createSuppressions(options: AddingTo, observer: SuppressionObserver): Suppressions {
  const { list, keys } = options
  const get = async (id: string) => (await list.find([id]))[0]
  return {
    async add(said) {
      const added = await addSuppressions(said, options)
      for (const one of added)
        if (one.status === 'created' || one.status === 'updated') observer.changed(one.status, one.said.reason)
      return added
    },
    async search(draft) {
      const current = await keys.current()
      const address = readAddress(draft)
      if ('code' in address) return address
      const found = await list.find(current.map((digest) => digest.idOf(address.kind, address.compared)))
      return found.find((entry) => entry !== undefined)
    },
    get,
    page: (query) => list.page(query),
    async remove(id, request) {
      const entry = await get(id)
      const notice = noticeOf(options.notices, options.now(), request)
      if (entry === undefined || !(await list.remove(id, notice?.note([])))) return undefined
      notice?.left()
      observer.changed('removed', entry.reason)
      return entry
    },
  }
}
