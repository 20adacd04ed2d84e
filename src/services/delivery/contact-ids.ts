import type { Account } from '../../providers/account.ts'

type Home = Pick<Account, 'id' | 'adapter'>

/**
 * `<account>:<key>`: how the API names a contact. `undefined` for a key that the API would not take back, for which an id
 * would be a promise that is not kept.
 */
export function contactId(account: Home, key: string): string | undefined {
  return isKey(account, key) ? `${account.id}:${key}` : undefined
}

/** True for what can be a key of the account's contacts; nobody is asked for another. */
export function isKey({ adapter }: Pick<Home, 'adapter'>, key: string): boolean {
  return adapter.keyForm?.test(key) === true
}
