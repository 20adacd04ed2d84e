import type { Answer } from './answer.ts'
import { pause } from './misbehaviour.ts'
import type { Call } from './provider.ts'
import type { VobizContact, VobizContacts, VobizFields } from './vobiz-contacts.ts'
import { errorAnswer, type FieldError, type VobizQuirks, vobizErrors } from './vobiz-errors.ts'
import { checkFields, checkNewContact, pickFields, readJsonObject } from './vobiz-input.ts'
import { showContact } from './vobiz-show.ts'
import { storedFields, storedNumber } from './vobiz-stored-fields.ts'

type VobizCall = Call<VobizQuirks>

/** `POST /contacts`: 201; a number that exists is 409 (assumed) unless the quirks say otherwise. */
export function contactCreation(contacts: VobizContacts, born: (contact: VobizContact) => void) {
  return async ({ body, headers, quirks }: VobizCall): Promise<Answer> => {
    const input = readJsonObject(body, headers['content-type'])
    if (typeof input === 'string') return errorAnswer(400, vobizErrors.badRequest(input), quirks)
    const errors = checkNewContact(input)
    if (errors.length > 0) return invalid(errors, quirks)
    const phoneNumber = storedNumber(String(input.phone_number), quirks)
    const fields = storedFields(pickFields(input), quirks)
    const known = contacts.getByPhone(phoneNumber)
    if (quirks.writeDelayMs > 0) await pause(quirks.writeDelayMs)
    if (known !== undefined) return answerToExisting(contacts, known, fields, quirks)
    const created = contacts.create(phoneNumber, fields, quirks)
    born(created)
    return { status: 201, body: showContact(created, quirks) }
  }
}

function answerToExisting(
  contacts: VobizContacts,
  known: VobizContact,
  fields: VobizFields,
  quirks: VobizQuirks,
): Answer {
  const { existing, duplicateCreate } = quirks
  const refused = existing === 'as-quirk' && duplicateCreate === 'refused'
  if (refused || existing.startsWith('refused'))
    return errorAnswer(refused ? 409 : Number(existing.slice(-3)), vobizErrors.duplicate(known.phone_number), quirks)
  const status = Number((existing === 'as-quirk' ? duplicateCreate : existing).slice(-3))
  if (existing.startsWith('kept')) return { status, body: showContact(known, quirks), applied: false }
  contacts.update(known, fields)
  if (existing.startsWith('stamps-reset')) contacts.resetStamps(known)
  return { status, body: showContact(known, quirks) }
}

/** `PUT /contacts/{id}` is partial: what is not sent stays. */
export function contactUpdate(contacts: VobizContacts) {
  return async ({ body, headers, quirks }: VobizCall, contact: VobizContact): Promise<Answer> => {
    const input = readJsonObject(body, headers['content-type'])
    if (typeof input === 'string') return errorAnswer(400, vobizErrors.badRequest(input), quirks)
    const errors = checkFields(input)
    if (errors.length > 0) return invalid(errors, quirks)
    const sent = pickFields(input)
    if (Object.keys(sent).length === 0)
      return quirks.emptyUpdate === 'accepted'
        ? { status: 200, body: showContact(contact, quirks) }
        : errorAnswer(400, vobizErrors.badRequest('Nothing to update'), quirks)
    const fields = writtenFields(contact, storedFields(sent, quirks), quirks)
    if (quirks.update === 'skipped' || quirks.update === 'invalid')
      return { ...notDone, body: { status: quirks.update } }
    if (quirks.update === 'kept') return { ...notDone, body: showContact(contact, quirks) }
    if (quirks.update === 'answered-only') return { ...notDone, body: showContact({ ...contact, ...fields }, quirks) }
    if (quirks.writeDelayMs === 0) return { status: 200, body: showContact(contacts.update(contact, fields), quirks) }
    // The whole record as it was read: what others write in between is lost.
    const { name, tags, custom_attributes } = contact
    await pause(quirks.writeDelayMs)
    const updated = contacts.update(contact, { name, tags, custom_attributes, ...fields })
    return { status: 200, body: showContact(updated, quirks) }
  }
}

const notDone = { status: 200, applied: false } as const
const emptyFields: VobizFields = { name: '', tags: [], custom_attributes: {} }

/** The fields that a PUT writes, those included that it does not send. */
function writtenFields(
  contact: VobizContact,
  sent: VobizFields,
  { attributesUpdate, update }: VobizQuirks,
): VobizFields {
  const fields = update === 'whole' ? { ...emptyFields, ...sent } : { ...sent }
  if (update === 'tags-added' && sent.tags !== undefined) fields.tags = [...new Set([...contact.tags, ...sent.tags])]
  if (attributesUpdate === 'merged' && sent.custom_attributes !== undefined)
    fields.custom_attributes = { ...contact.custom_attributes, ...sent.custom_attributes }
  return fields
}

function invalid(errors: FieldError[], quirks: VobizQuirks): Answer {
  return errorAnswer(quirks.validationStatus, vobizErrors.validation(errors), quirks)
}
