import type { FieldRules } from '../../providers/fields.ts'
import type { ContactList, ListDestination } from './catalog.ts'

/** A list as a client may see it: where contacts go, what they need and what is lost there; never a credential. */
export function describeList(list: ContactList) {
  return { id: list.id, title: list.title, targets: list.targets.map(describeTarget) }
}

function describeTarget({ account, target, fields }: ListDestination) {
  return {
    account: account.id,
    provider: account.adapter.id,
    target,
    requiredFields: requiredFields(fields),
    droppedFields: droppedFields(fields),
  }
}

/** Fields without which a contact is rejected. */
export function requiredFields(fields: FieldRules): string[] {
  const required: string[] = fields.name.required === true ? ['name'] : []
  for (const field of ['email', 'phone', 'whatsapp'] as const) {
    const rule = fields[field]
    if (rule !== 'dropped' && 'required' in rule && rule.required === true) required.push(field)
  }
  return required
}

/** Fields that are not sent; `attributes` with the exceptions that a list target maps. */
export function droppedFields(fields: FieldRules): string[] {
  const dropped: string[] = []
  for (const field of ['email', 'phone', 'whatsapp', 'tags'] as const)
    if (fields[field] === 'dropped') dropped.push(field)
  if (fields.whatsapp !== 'dropped' && 'standsInFor' in fields.whatsapp)
    dropped.push('whatsapp (unless there is no phone)')
  if (fields.attributes === 'dropped') dropped.push('attributes')
  else if ('only' in fields.attributes) {
    const kept = Object.keys(fields.attributes.only)
    dropped.push(kept.length === 0 ? 'attributes' : `attributes (but ${kept.join(', ')})`)
  }
  return dropped
}
