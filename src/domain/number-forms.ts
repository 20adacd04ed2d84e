import { numberOfToday } from './replaced-numbers.ts'

type Rule = { readonly form: RegExp; readonly same: (number: string) => string }

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
  { form: /^\+549\d{10}$/, same: (number) => `+54${number.slice(4)}` },
  { form: /^\+521\d{10}$/, same: (number) => `+52${number.slice(4)}` },
  { form: /^\+55[1-9][1-9][6-9]\d{7}$/, same: (number) => `${number.slice(0, 5)}9${number.slice(5)}` },
]

/**
 * The one of a number's forms by which it is compared: the same for all of them, and for no other number. `number`: `+`
 * and digits. What its country has replaced (Ivory Coast, Benin and those beside them) is the number of today.
 */
export function comparedForm(number: string): string {
  const rule = rules.find(({ form }) => form.test(number))
  return rule === undefined ? (numberOfToday(number) ?? number) : rule.same(number)
}
