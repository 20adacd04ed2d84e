import type { Outcome, OutcomeError, Warning } from '../../domain/outcome.ts'
import type { AddedContacts } from '../../services/contacts/add-contacts.ts'
import { isPassedOver } from '../../services/delivery/not-for-target.ts'
import type { AnswerBody } from '../../services/store-port.ts'

/** The API's form of a batch's result. */
export function presentBatch({ summary, results, preview }: AddedContacts) {
  return {
    summary: { contacts: results.length, outcomes: summary },
    results: results.map(({ ref, outcomes, warnings }, index) => ({
      index,
      ...(ref !== undefined && { ref }),
      outcomes: outcomes.map((outcome) => presentOutcome(outcome, `#/contacts/${index}`)),
      ...(warnings !== undefined && { warnings: warnings.map((warning) => located(warning, `#/contacts/${index}`)) }),
    })),
    ...(preview !== undefined && { preview }),
  }
}

type ShownResult = { readonly outcomes: readonly Outcome[]; readonly warnings?: readonly Warning[] }

/** `Prefer: return=minimal`: a batch's answer without the results that have neither an error nor a warning. */
export function leaveOutTheQuiet(body: AnswerBody): AnswerBody {
  const batch = JSON.parse(String(body)) as { results: ShownResult[] }
  const isToBeSeen = ({ outcomes, warnings }: ShownResult) => warnings !== undefined || outcomes.some(isLoud)
  return JSON.stringify({ ...batch, results: batch.results.filter(isToBeSeen) })
}

/** That a target is for others is nothing that a caller has to see. */
function isLoud(outcome: Outcome): boolean {
  return outcome.error !== undefined || (outcome.warnings.length > 0 && !isPassedOver(outcome))
}

/** The API's form of an outcome; `at` is the JSON Pointer of the contact. */
export function presentOutcome(outcome: Outcome, at: string): Outcome {
  const { warnings, error } = outcome
  if (warnings.length === 0 && error === undefined) return outcome
  return {
    ...outcome,
    warnings: warnings.map((warning) => located(warning, at)),
    ...(error !== undefined && { error: error.pointer === undefined ? error : located(error, at) }),
  }
}

function located<Place extends Warning | OutcomeError>(place: Place, at: string): Place {
  return { ...place, pointer: at + (place.pointer ?? '') }
}

/** The outcomes of a stored answer in the domain's form again, by contact: the reverse of `presentBatch`. */
export function recallBatch(body: AnswerBody): readonly (readonly Outcome[])[] {
  const { results } = JSON.parse(String(body)) as { results: { index: number; outcomes: Outcome[] }[] }
  return results.map(({ index, outcomes }) => outcomes.map((outcome) => recalled(outcome, `#/contacts/${index}`)))
}

function recalled(outcome: Outcome, at: string): Outcome {
  const relative = <Place extends { pointer?: string }>(place: Place): Place =>
    place.pointer === undefined ? place : { ...place, pointer: place.pointer.slice(at.length) }
  const { warnings, error } = outcome
  return { ...outcome, warnings: warnings.map(relative), ...(error !== undefined && { error: relative(error) }) }
}
