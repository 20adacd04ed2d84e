import { numberOfToday } from './replaced-numbers.ts'

/** A number in a form that is not the one it is compared by becomes that one by `same`, and one of those that by `other`. */
type Rule = {
  readonly form: RegExp
  readonly same: string
  readonly compared: RegExp
  readonly other: string
}

/**
 * Numbers in whose place another stands that rings the same phone. The table is closed: entries of the suppression list
 * are kept under the form that it leads to, and not as they were said, so that a row that is added later would not find
 * the entries made before it. Whoever adds one has the list asked for the number as it is, too.
 *
 * - Argentina: `9` behind the country code of mobile numbers from abroad. WhatsApp's ids have it, senders of SMS often not.
 * - Mexico: `1` behind the country code, until 2019. WhatsApp's ids keep it.
 * - Brazil: `9` before mobile numbers of eight digits, which begin with 6 to 9. WhatsApp's ids of many areas are still
 *   without it. Wider than what is read as a number of today: to pass over a fixed line that has the digits of somebody's
 *   mobile phone is the lesser evil here.
 */
const rules: readonly Rule[] = [
  { form: /^\+549(\d{10})$/, same: '+54$1', compared: /^\+54(\d{10})$/, other: '+549$1' },
  { form: /^\+521(\d{10})$/, same: '+52$1', compared: /^\+52(\d{10})$/, other: '+521$1' },
  {
    form: /^\+55(?<area>[1-9]{2})(?<line>[6-9]\d{7})$/,
    same: '+55$<area>9$<line>',
    compared: /^\+55(?<area>[1-9]{2})9(?<line>[6-9]\d{7})$/,
    other: '+55$<area>$<line>',
  },
]

/** Ivory Coast, since 31 January 2021, and Benin, since 30 November 2024: ten digits, which end with the eight of before. */
const renumbered = /^\+(225|229)\d\d(\d{8})$/

/**
 * The one of a number's forms by which it is compared: the same for all of them, and for no other number. `number`: `+`
 * and digits. What its country has replaced (Ivory Coast, Benin and those beside them) is the number of today.
 */
export function comparedForm(number: string): string {
  for (const { form, same } of rules) if (form.test(number)) return number.replace(form, same)
  return numberOfToday(number) ?? number
}

/** Every form of a number in E.164 under which the same phone may be known: itself, then the other one where there is one. */
export function formsOf(number: string): readonly string[] {
  const compared = comparedForm(number)
  const other = compared === number ? otherForm(number) : compared
  return other === undefined ? [number] : [number, other]
}

/** The form of before, or from elsewhere, of a number as it is compared. */
function otherForm(number: string): string | undefined {
  const rule = rules.find(({ compared }) => compared.test(number))
  if (rule !== undefined) return number.replace(rule.compared, rule.other)
  const old = renumbered.test(number) ? number.replace(renumbered, '+$1$2') : number
  return old !== number && comparedForm(old) === number ? old : undefined
}
