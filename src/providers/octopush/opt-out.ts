import type { OptOut } from '../adapter-port.ts'
import { isRecord } from '../reading/coercions.ts'
import { unnoted } from '../reading/drift.ts'
import { numberKeyForm } from '../reading/key-form.ts'
import { readShownNumber } from '../reading/read-number.ts'

/**
 * What Octopush calls a URL with for each unsubscription (docs/providers.md, "Octopush: opt-outs"). Its `stop_date` has no
 * zone, so that it names no moment.
 */
export function readOptOut(told: unknown): readonly OptOut[] | undefined {
  const phone = isRecord(told) ? readShownNumber(told.number, unnoted) : undefined
  return phone !== undefined && numberKeyForm.test(phone) ? [{ phone, channel: 'sms' }] : undefined
}
