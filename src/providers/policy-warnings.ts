import type { ConflictPolicy } from '../domain/contact.ts'
import type { Warning } from '../domain/outcome.ts'
import type { ItemResult } from './adapter-port.ts'

type Asked = {
  readonly onConflict: ConflictPolicy
  /** The contact was to go into a list. */
  readonly intoList: boolean
}

/**
 * Adds what a provider did otherwise than it was asked: it wrote over a contact that was to stay, or left one that was to be
 * written over. One that was left as it is may not be on the list either.
 */
export function withPolicyWarnings(item: ItemResult, { onConflict, intoList }: Asked, title: string): ItemResult {
  if (item.status !== 'updated' && item.status !== 'skipped') return item
  const warnings: Warning[] = []
  if (item.status === 'updated' && onConflict === 'skip') warnings.push(overwritten(title))
  if (item.status === 'skipped' && onConflict === 'update') warnings.push(leftAsItIs(title))
  if (item.status === 'skipped' && intoList) warnings.push(maybeOffList(title))
  return warnings.length === 0 ? item : { ...item, warnings: [...(item.warnings ?? []), ...warnings] }
}

function overwritten(title: string): Warning {
  const detail = `${title} was asked to leave an existing contact as it is, and says that it updated it.`
  return { code: 'policy_not_enforced', pointer: '', detail }
}

function leftAsItIs(title: string): Warning {
  const detail = `${title} was asked to write over an existing contact, and says that it left it as it is.`
  return { code: 'policy_not_enforced', pointer: '', detail }
}

function maybeOffList(title: string): Warning {
  const detail = `${title} left this contact as it is, and does not say whether it is on the list. Send it with onConflict "update", or look there.`
  return { code: 'not_on_list', pointer: '', detail }
}
