import { canDo, capabilities } from './capabilities.ts'
import type { ContactList, Destination } from './catalog.ts'

/** Keys of contacts as providers have them: a number, or a UUID. */
const exampleKeys = ['+919876543210', '00000000-0000-4000-8000-000000000001']

/** What examples of requests can name in this configuration; `undefined` where there is no list. */
export function exampleValues(accounts: Iterable<Destination>, lists: Iterable<ContactList>) {
  const [list] = lists
  const [target] = list?.targets ?? []
  if (list === undefined || target === undefined) return undefined
  const all = [...accounts]
  return {
    listId: list.id,
    account: target.account.id,
    /** An account that can do this, and the id that a contact of it could have. */
    placeFor(operationId: string) {
      const capability = capabilities.find((one) => one === operationId)
      const found = capability && all.find(({ account }) => canDo(account, capability))?.account
      if (found === undefined) return undefined
      const key = exampleKeys.find((one) => found.adapter.keyForm?.test(one)) ?? ''
      return { account: found.id, contactId: `${found.id}:${key}` }
    },
  }
}
