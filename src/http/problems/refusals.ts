import type { Warning } from '../../domain/outcome.ts'
import { isPhoneCountry } from '../../domain/phone.ts'
import { Problem } from './problems.ts'

/** @throws Problem for a country that has no phone numbers */
export function knownCountry(code: string | undefined): string | undefined {
  if (code === undefined || isPhoneCountry(code)) return code
  const detail = 'No such country has phone numbers. Use an ISO 3166 alpha-2 code, for example IN.'
  throw new Problem('validation-failed', { errors: [{ pointer: '#/defaultCountry', code: 'unknown_country', detail }] })
}

/** @throws Problem when something more than the spelling of a value is lost on the way */
export function refuseLosses(warnings: readonly Warning[]): void {
  const losses = warnings.filter(({ code }) => code !== 'value_normalized')
  if (losses.length === 0) return
  const errors = losses.map(({ pointer, code, detail }) => ({ pointer: `#${pointer}`, code, detail }))
  throw new Problem('loss-not-accepted', { errors })
}
