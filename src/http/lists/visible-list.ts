import { Type } from 'typebox'
import type { Client } from '../../domain/client.ts'
import type { ContactList } from '../../services/catalog/catalog.ts'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'

export const listIdParams = Type.Object({
  listId: Type.String({ maxLength: 200, description: 'A list that the client may see.', examples: ['newsletter'] }),
})

/** A list that is there and that the client may see; for all others the same `404`. */
export function visibleList(lists: Services['lists'], client: Client, listId: string): ContactList {
  const list = client.maySeeList(listId) ? lists.get(listId) : undefined
  if (list === undefined) throw new Problem('not-found')
  return list
}
