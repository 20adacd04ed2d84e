import type { Answer } from './answer.ts'
import { answerInsteadOfDeleting } from './deletions.ts'
import type { OctopushAccount } from './octopush-account.ts'
import { errorAnswer, type OctopushQuirks, octopushErrors } from './octopush-errors.ts'
import { castArray, castName, castPhoneNumber, maxContacts, maxListName } from './octopush-input.ts'
import type { Call } from './provider.ts'

/**
 * `DELETE /contact/delete` with a body: from a list, or from the account (docs/providers.md, "Octopush: deleting
 * contacts").
 */
export function contactDeletion(account: OctopushAccount) {
  return ({ quirks }: Call<OctopushQuirks>, input: Record<string, unknown>): Answer => {
    const sent = castArray(input.phone_numbers)
    if (sent.length === 0) return errorAnswer(400, octopushErrors.recipientsMissing, quirks)
    if (sent.length > maxContacts) return errorAnswer(400, octopushErrors.tooManyContacts, quirks)
    const listName = castName(input.list_name, maxListName)
    if (listName !== undefined && !account.hasList(listName))
      return errorAnswer(400, octopushErrors.listUnknown, quirks)
    const phoneNumbers = sent.map(castPhoneNumber).filter((phoneNumber) => phoneNumber !== undefined)
    const known = phoneNumbers.filter((phoneNumber) => account.has(phoneNumber))
    if (known.length === 0 && quirks.unknownNumber !== '204') return answerToUnknown(quirks)
    const lost = answerInsteadOfDeleting(quirks.deletion)
    if (lost !== undefined) return lost
    const from = quirks.removal === 'from-account' ? undefined : listName
    if (quirks.deletion === 'happens') for (const phoneNumber of phoneNumbers) account.remove(phoneNumber, from)
    return { status: 204, applied: quirks.deletion === 'happens' }
  }
}

/** Where none of the numbers is in the account: not documented. */
function answerToUnknown(quirks: OctopushQuirks): Answer {
  if (quirks.unknownNumber === '200-count') return { status: 200, body: { deleted: 0 } }
  const unknown = { code: 117, message: 'No contact with this number.' }
  return errorAnswer(quirks.unknownNumber === '404' ? 404 : 400, unknown, quirks)
}
