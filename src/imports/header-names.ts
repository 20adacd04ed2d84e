/** The fields of a contact that a column can carry; beside them `attributes.<name>`. */
export const contactFields = ['ref', 'name', 'firstName', 'lastName', 'email', 'phone', 'whatsapp', 'tags'] as const
export type ContactField = (typeof contactFields)[number]

/** True for the fields of which a contact needs one. */
export function reachesPeople(field: string): boolean {
  return field === 'email' || field === 'phone' || field === 'whatsapp'
}

/** What people and their programs call each field, as `normalizeName` writes it. */
const namesOfFields: Readonly<Record<ContactField, readonly string[]>> = {
  ref: ['ref', 'reference', 'externalid', 'externalref', 'externalreference', 'contactref'],
  name: ['name', 'fullname', 'displayname', 'contactname', 'customername', 'nomcomplet', 'nombrecompleto'],
  firstName: ['firstname', 'givenname', 'forename', 'prenom', 'vorname', 'nombre'],
  lastName: ['lastname', 'surname', 'familyname', 'nom', 'nomdefamille', 'nachname', 'apellido', 'apellidos'],
  email: [
    ...['email', 'mail', 'emailaddress', 'emailid', 'mailid', 'mailaddress', 'email1value'],
    ...['courriel', 'adresseemail', 'adressemail', 'emailadresse', 'correo', 'correoelectronico'],
  ],
  phone: [
    ...['phone', 'phonenumber', 'phoneno', 'mobile', 'mobilenumber', 'mobileno', 'mobilephone', 'mobilephonenumber'],
    ...['cell', 'cellnumber', 'cellphone', 'cellphonenumber', 'tel', 'telno', 'telephone', 'telephonenumber'],
    ...['contactnumber', 'contactno', 'msisdn', 'gsm', 'phone1value'],
    ...['telephoneportable', 'portable', 'numerodetelephone', 'telefon', 'telefonnummer', 'handy', 'telefono', 'movil'],
  ],
  whatsapp: ['whatsapp', 'whatsappnumber', 'whatsappno', 'whatsappphone', 'whatsappphonenumber', 'numerowhatsapp'],
  tags: ['tags', 'tag', 'labels', 'label', 'etiquettes', 'etiquette', 'etiquetas'],
}

const fieldsByName: ReadonlyMap<string, ContactField> = new Map(
  contactFields.flatMap((field) => namesOfFields[field].map((name) => [name, field] as const)),
)

/** A header without case, accents, white space, `_`, `-`, dots and apostrophes: `E-mail` and `e_mail` are one. */
export function normalizeName(header: string): string {
  return header
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}\s_\-.'’]+/gu, '')
    .toLowerCase()
}

/** The field that a column of this name carries, if it is known. */
export function fieldOfName(header: string): ContactField | undefined {
  return fieldsByName.get(normalizeName(header))
}

/** The columns that our own error report adds, in the order of its columns. */
export const reportColumns = ['_row', '_account', '_status', '_code', '_detail'] as const

const ownColumn = /^_(row|line|account|status|code|detail)$/

/** True for a column that our own error report added; a report that is uploaded again brings it along. */
export function isReportColumn(header: string): boolean {
  return ownColumn.test(header.trim().toLowerCase())
}

/** True for the one of these that says something: the accounts that lack the row. */
export function isAccountColumn(header: string): boolean {
  return header.trim().toLowerCase() === '_account'
}
