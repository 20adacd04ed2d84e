import type { StoredContact } from '../../domain/contact.ts'
import type { ContactPart } from '../../providers/adapter-port.ts'

/**
 * True where a part is to be written whole of which the provider has not shown what it holds: that would be lost. E-mails
 * may be kept among the attributes. `tagsStay`: those that are there are to stay.
 */
export function needsUntold(
  { untold }: StoredContact,
  parts: ReadonlySet<ContactPart>,
  { tagsStay }: { readonly tagsStay: boolean },
): boolean {
  if (untold === undefined) return false
  const needsAttributes = parts.has('attributes') || parts.has('email')
  return (needsAttributes && untold.has('attributes')) || (tagsStay && parts.has('tags') && untold.has('tags'))
}
