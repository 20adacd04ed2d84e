import type { StoredContact } from '../../domain/contact.ts'
import type { Warning } from '../../domain/outcome.ts'
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

/** What is said of parts that are written whole although the provider did not show what they hold. */
export function replacesUnseen(
  { leftOut }: StoredContact,
  parts: ReadonlySet<ContactPart>,
  { tagsStay }: { readonly tagsStay: boolean },
  title: string,
): readonly Warning[] {
  if (leftOut === undefined) return none
  const warnings: Warning[] = []
  if (tagsStay && parts.has('tags') && leftOut.has('tags')) warnings.push(mayBeReplaced('tags', title))
  const needsAttributes = parts.has('attributes') || parts.has('email')
  if (needsAttributes && leftOut.has('attributes')) warnings.push(mayBeReplaced('attributes', title))
  return warnings
}

const none: readonly never[] = []

function mayBeReplaced(part: 'tags' | 'attributes', title: string): Warning {
  return {
    code: 'tags_may_be_replaced',
    pointer: `/${part}`,
    detail: `${title} showed the contact without ${part} before it was written: if it had any, they may be gone. Look there.`,
  }
}
