import { Type } from 'typebox'
import type { Client } from '../../domain/client.ts'
import { nearName } from '../../domain/near-name.ts'
import type { ContactList, ListDestination } from '../../services/catalog/catalog.ts'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'

export const listIdParams = Type.Object({
  listId: Type.String({ maxLength: 200, description: 'A list that the client may see.', examples: ['newsletter'] }),
})

/**
 * A list that is there and that the client may see; for all others the same `404`, which names the list of those that it
 * may see whose name is near.
 */
export function visibleList(lists: Services['lists'], client: Client, listId: string): ContactList {
  const list = client.maySeeList(listId) ? lists.get(listId) : undefined
  if (list === undefined) throw new Problem('not-found', { detail: adviceFor(lists, client, listId) })
  return list
}

/**
 * The targets of a list whose people a client may read and take off: both the list and the account have to be its own. One
 * at another account is as if it were not there. Contacts are added through a list with the list alone.
 */
export function usableTargets(list: ContactList, client: Client): readonly ListDestination[] {
  return list.targets.filter(({ account }) => client.mayUseAccount(account.id))
}

function adviceFor(lists: Services['lists'], client: Client, listId: string): string {
  const visible = [...lists.keys()].filter((id) => client.maySeeList(id))
  const near = nearName(listId, visible)
  const nothing = 'There is no such list, or this client may not see it.'
  return near === undefined ? `${nothing} GET /lists shows those that it may use.` : `${nothing} Did you mean ${near}?`
}
