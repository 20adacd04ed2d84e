import type { Outcome, OutcomeError, Warning } from '../../domain/outcome.ts'
import type { AddedContacts } from '../../services/add-contacts.ts'

/** The API's form of a batch's result. With `minimal`, results without an error and a warning are left out. */
export function presentBatch({ summary, results, preview }: AddedContacts, minimal: boolean) {
  const presented = results.map(({ ref, outcomes }, index) => ({
    index,
    ...(ref !== undefined && { ref }),
    outcomes: outcomes.map((outcome) => presentOutcome(outcome, `#/contacts/${index}`)),
  }))
  return {
    summary: { contacts: results.length, outcomes: summary },
    results: minimal ? presented.filter(({ outcomes }) => outcomes.some(hasMore)) : presented,
    ...(preview !== undefined && { preview }),
  }
}

function hasMore({ warnings, error }: Outcome): boolean {
  return error !== undefined || warnings.length > 0
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
