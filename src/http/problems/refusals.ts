import { isLoss, type Warning } from '../../domain/outcome.ts'
import { isPhoneCountry, type NumbersFrom, numbersFrom, type WrittenNumbers } from '../../domain/phone.ts'
import { Problem } from './problems.ts'

/**
 * `pointer`: where the country stands in the request.
 * @throws Problem for a country that has no phone numbers
 */
export function knownCountry(code: string | undefined, pointer = '#/defaultCountry'): string | undefined {
  if (code === undefined || isPhoneCountry(code)) return code
  const detail = 'No such country has phone numbers. Use an ISO 3166 alpha-2 code, for example IN.'
  throw new Problem('validation-failed', { errors: [{ pointer, code: 'unknown_country', detail }] })
}

/**
 * How the numbers of a request are written. `at`: where what is said of them stands.
 * @throws Problem for a country that has no phone numbers, and where two things are said
 */
export function knownNumbers(written: WrittenNumbers, ofList?: WrittenNumbers['numbers'], at = '#'): NumbersFrom {
  knownCountry(written.defaultCountry, `${at}/defaultCountry`)
  if (written.defaultCountry === undefined || written.numbers === undefined) return numbersFrom(written, ofList)
  const detail = 'Numbers that have their country code are dialled from no country. Leave one of the two out.'
  throw new Problem('validation-failed', {
    errors: [{ pointer: `${at}/numbers`, code: 'beside_default_country', detail }],
  })
}

/**
 * Refuses what a contact would lose on its way. `at`: the JSON Pointer of the contact that a warning is about.
 * @throws Problem when there is a loss among the warnings
 */
export function refuseLosses<Told extends Warning>(warnings: readonly Told[], at: (warning: Told) => string = theBody) {
  const losses = warnings.filter(isLoss)
  if (losses.length === 0) return
  const errors = losses.map((loss) => ({ pointer: at(loss) + loss.pointer, code: loss.code, detail: loss.detail }))
  throw new Problem('loss-not-accepted', { errors })
}

const theBody = () => '#'
