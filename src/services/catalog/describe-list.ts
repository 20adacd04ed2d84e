import { type FieldRules, isDropped, requires, standsInForPhone } from '../../providers/fields.ts'
import type { ContactList, ListDestination } from './catalog.ts'

/** A list as a client may see it: where contacts go, what they need and what is lost there; never a credential. */
export function describeList(list: ContactList) {
  const { id, title, numbers, targets } = list
  return { id, title, ...(numbers !== undefined && { numbers }), targets: targets.map(describeTarget) }
}

function describeTarget({ account, target, fields, when }: ListDestination) {
  return {
    account: account.id,
    provider: account.adapter.id,
    target,
    ...(when !== undefined && { when: when.written }),
    requiredFields: requiredFields(fields),
    droppedFields: droppedFields(fields),
  }
}

/** Fields without which a contact is rejected. */
export function requiredFields(fields: FieldRules): string[] {
  return (['name', 'email', 'phone'] as const).filter((field) => requires(fields, field))
}

/** Fields that are not sent; `attributes` with the exceptions that a list target maps. */
export function droppedFields(fields: FieldRules): string[] {
  const { attributes } = fields
  const dropped: string[] = (['email', 'phone', 'whatsapp', 'tags'] as const).filter((field) =>
    isDropped(fields, field),
  )
  if (standsInForPhone(fields)) dropped.push('whatsapp (unless there is no phone)')
  if (attributes.kind === 'dropped') dropped.push('attributes')
  if (attributes.kind === 'mapped') {
    const kept = Object.keys(attributes.as)
    dropped.push(kept.length === 0 ? 'attributes' : `attributes (but ${kept.join(', ')})`)
  }
  return dropped
}
