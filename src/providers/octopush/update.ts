import type { Contact } from '../../domain/contact.ts'
import type { Result } from '../../domain/failure.ts'
import type { Warning } from '../../domain/outcome.ts'
import type { ContactInput, ItemResult, WrittenContact } from '../adapter-port.ts'
import { batchOfOne, type OctopushSettings, type OctopushTarget } from './translate.ts'

type Update = ContactInput<OctopushSettings, OctopushTarget> & { readonly key: string }

/** The batch that writes a contact over the one with this number. */
export function sameAs({ key, ...input }: Update) {
  return batchOfOne({ ...input, contact: withNumber(input.contact, key) })
}

function withNumber(contact: Contact, phone: string): Contact {
  return contact.phone === phone ? contact : { ...contact, phone }
}

/**
 * The answer to an update. Nobody can ask beforehand whether the number is there: when it was not, it is now. One that was
 * left as it is was not changed.
 */
export function readUpdated(result: Result<ItemResult>): Result<WrittenContact> {
  // No call asks for a contact, so that none can say that there is no such contact.
  if ('failure' in result)
    return result.failure.kind === 'notFound' ? { failure: { ...result.failure, kind: 'misaddressed' } } : result
  const item = result.ok
  if (item.status === 'skipped') return { failure: { kind: 'conflict' } }
  if (item.status !== 'created') return result
  return { ok: { ...item, warnings: [...(item.warnings ?? []), wasNotThere] } }
}

const wasNotThere: Warning = {
  code: 'created_by_update',
  pointer: '',
  detail: 'Octopush had no contact with this number; it has one now. Delete it if that was not wanted.',
}
