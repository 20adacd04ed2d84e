import type { ErasedAddresses } from '../../domain/erasure.ts'
import { formsOf } from '../../domain/number-forms.ts'
import { isNationalForm, isSameNumberText } from '../../domain/phone-digits.ts'
import { comparedEmail, comparedPhone, readSuppressedEmail } from '../../domain/suppressed-address.ts'
import type { BlockRow } from '../rows/row-piece.ts'

/** Tells the rows of a person. `cells`: as they were uploaded; asked for only where the row could not be read. */
export type FindPerson = (row: BlockRow, cells: () => readonly string[]) => boolean

/** Digits, and what people write between them. */
const numberCell = /^[\p{Nd}\s+().\u2010-\u2015/'-]{7,40}$/u

/**
 * A row is the person's where one of its addresses is hers, in any form of a number. In a row that could not be read, and
 * goes to nobody, a cell is enough that may be her number without its country code.
 */
export function findPerson({ email, phone, whatsapp }: ErasedAddresses): FindPerson {
  const wantedEmail = email === undefined ? undefined : comparedEmail(email)
  const given = [phone, whatsapp].filter((number) => number !== undefined)
  const wanted = new Set(given.map(comparedPhone))
  const forms = [...new Set(given.flatMap(formsOf))]
  const isEmail = (text: string | undefined) =>
    wantedEmail !== undefined && text !== undefined && comparedEmail(text) === wantedEmail
  const isNumber = (text: string | undefined) => text !== undefined && wanted.has(comparedPhone(text))
  const isCell = (cell: string) => {
    if (wantedEmail !== undefined && cell.includes('@')) {
      const read = readSuppressedEmail(cell)
      if ('compared' in read && read.compared === wantedEmail) return true
    }
    const text = cell.normalize('NFKC')
    return numberCell.test(text) && forms.some((one) => isSameNumberText(text, one) || isNationalForm(text, one))
  }
  return ({ contact, refusal }, cells) =>
    isEmail(contact.email) ||
    isNumber(contact.phone) ||
    isNumber(contact.whatsapp) ||
    (refusal !== undefined && cells().some(isCell))
}
