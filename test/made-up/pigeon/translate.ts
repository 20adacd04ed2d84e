import { type Contact, displayName } from '../../../src/domain/contact.ts'
import type { ItemResult } from '../../../src/providers/adapter-port.ts'
import { type PigeonMember, readResults } from './wire.ts'

export function toMember(contact: Contact): PigeonMember {
  const name = displayName(contact)
  return {
    email: contact.email as string,
    ...(name !== undefined && { full_name: name }),
    ...(contact.phone !== undefined && { mobile: contact.phone }),
  }
}

const statuses = new Map([
  ['added', 'created'],
  ['changed', 'updated'],
  ['kept', 'skipped'],
] as const)

/** What became of each contact, in their order; `undefined` when the body is not of the documented form. */
export function readItems(body: unknown, contacts: readonly Contact[]): readonly ItemResult[] | undefined {
  const results = readResults(body)?.results
  if (results === undefined) return undefined
  const byEmail = new Map(results.map((result) => [result.email.toLowerCase(), result]))
  return contacts.map(({ email = '' }): ItemResult => {
    const result = byEmail.get(email.toLowerCase())
    const status = statuses.get(result?.state as 'added')
    if (status !== undefined) return { status, ...(result?.member !== undefined && { key: result.member }) }
    return result?.state === 'refused' ? refused(result.reason) : unreadable
  })
}

function refused(reason: string | undefined): ItemResult {
  const detail = 'Pigeon refused this contact. Change it as the provider says.'
  const provider = reason === undefined ? {} : { provider: { message: reason } }
  return { status: 'rejected', error: { code: 'rejected_by_provider', detail, retriable: false, ...provider } }
}

/** A state that is not documented, or no result at all: it may be there. The same can be sent again. */
const unreadable: ItemResult = {
  status: 'unknown',
  error: { code: 'provider_unreadable', detail: 'Pigeon does not say what became of this contact.', retriable: true },
}
