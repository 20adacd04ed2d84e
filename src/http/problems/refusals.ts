import { isLoss, type Warning } from '../../domain/outcome.ts'
import { isPhoneCountry } from '../../domain/phone.ts'
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
