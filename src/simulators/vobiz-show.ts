import { inNumberForm } from './number-forms.ts'
import type { VobizContact } from './vobiz-contacts.ts'
import type { VobizQuirks } from './vobiz-errors.ts'

/** A contact as an answer shows it (clients must ignore members that they do not know). */
export function showContact(contact: VobizContact, { extraFields, numberForm, idForm }: VobizQuirks): object {
  const shown = numberForm === 'plus' && idForm !== 'number' ? contact : inOtherForms(contact, numberForm, idForm)
  return extraFields ? { ...shown, lifecycle_stage: 'lead', _links: { self: contact.id } } : shown
}

function inOtherForms(
  contact: VobizContact,
  numberForm: VobizQuirks['numberForm'],
  idForm: VobizQuirks['idForm'],
): object {
  const id = idForm === 'number' && /^\d{1,15}$/.test(contact.id) ? Number(contact.id) : contact.id
  return { ...contact, id, phone_number: inNumberForm(contact.phone_number, numberForm) }
}
