import type { Contact } from '../../domain/contact.ts'
import { detailOfFailure, failureRules, type Result } from '../../domain/failure.ts'
import type { Warning } from '../../domain/outcome.ts'
import type { ItemResult } from '../adapter-port.ts'
import type { Batch } from './translate.ts'

/** The calls that carry the second and further tags, where each tag has a call of its own: to those who were written. */
export function tagCalls<Of extends Batch>(batch: Of, items: readonly ItemResult[]): readonly Of[] {
  const tags = batch.contacts[0]?.tags ?? []
  if (tags.length < 2 || batch.settings.manyTags !== 'one call each') return []
  const written = batch.contacts.filter((_, place) => isWritten(items[place]))
  if (written.length === 0) return []
  return tags.slice(1).map((tag) => ({
    ...batch,
    contacts: written.map((contact) => ({ ...contact, tags: [tag] })),
    // They are there now: the first call has written them.
    onConflict: 'update',
  }))
}

/** What is true of each contact once a call for one more tag has ended. */
export function addTagCall(
  items: readonly ItemResult[],
  { contacts: all }: Batch,
  { contacts }: Batch,
  result: Result<readonly ItemResult[]>,
): readonly ItemResult[] {
  const placeOf = new Map(contacts.map(({ phone }, place) => [phone, place]))
  const tag = contacts[0]?.tags[0] as string
  return items.map((item, index) => {
    const contact = all[index] as Contact
    const place = placeOf.get(contact.phone)
    return place === undefined || !isWritten(item) ? item : withTag(item, result, place, contact.tags.indexOf(tag))
  })
}

function isWritten(item: ItemResult | undefined): boolean {
  return item?.status === 'created' || item?.status === 'updated' || item?.status === 'accepted'
}

function withTag(item: ItemResult, result: Result<readonly ItemResult[]>, place: number, tag: number): ItemResult {
  if ('ok' in result) {
    const told = result.ok[place]
    if (isWritten(told)) return item
    return told?.status === 'unknown'
      ? { ...told, ...key(item) }
      : { ...item, warnings: [...(item.warnings ?? []), lost(tag)] }
  }
  const { failure } = result
  const rule = failureRules[failure.kind]
  if (rule.applied === 'no' && !rule.transient) return { ...item, warnings: [...(item.warnings ?? []), lost(tag)] }
  const detail = `The contact was written, and one of its tags may be missing, since its call failed. ${detailOfFailure(failure)}`
  return {
    ...item,
    status: 'unknown',
    error: {
      code: rule.code,
      pointer: `/tags/${tag}`,
      detail,
      retriable: true,
      ...(failure.provider !== undefined && { provider: failure.provider }),
    },
  }
}

function key({ key }: ItemResult): Pick<ItemResult, 'key'> {
  return key === undefined ? {} : { key }
}

function lost(tag: number): Warning {
  const detail = 'Octopush refused the call that was to give the contact this tag; the contact was written without it.'
  return { code: 'tag_dropped', pointer: `/tags/${tag}`, detail }
}
