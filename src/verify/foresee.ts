import type { ProviderRequest, ProviderResponse } from '../providers/adapter-port.ts'
import type { ProbeSet, Said, Step, TestPeople } from '../providers/probing.ts'

/** A call that a run with writes would make. */
export type Foreseen = { readonly step: Step; readonly request: ProviderRequest }

/**
 * The calls that a run would make if everything came as it is expected, one by one. A step whose request depends on an
 * answer that nobody expects is left out, as it is in a run where that answer does not come.
 */
export function foresee({ steps }: ProbeSet, people: TestPeople): readonly Foreseen[] {
  const answers = new Map<string, ProviderResponse>()
  const said: Said = {
    ...people,
    answer: (step) => answers.get(step),
    wasAsked: (step) => answers.has(step),
  }
  return steps.flatMap((step): readonly Foreseen[] => {
    const request = step.request(said)
    if (request === undefined) return []
    const expected = step.expects?.(said)
    if (expected !== undefined) answers.set(step.id, { ...expected, text: JSON.stringify(expected.body) })
    return [{ step, request }]
  })
}

/** A longer body is cut here, in UTF-16 units. */
const longestBody = 600

/** A call on one line, with its body. */
export function describeRequest({ method, path, json, file }: ProviderRequest): string {
  if (file !== undefined) return `${method} ${path} (a file of ${file.content.split('\n').length - 1} lines)`
  if (json === undefined) return `${method} ${path}`
  const body = JSON.stringify(json)
  return `${method} ${path} ${body.length > longestBody ? `${body.slice(0, longestBody)}… (${body.length} characters)` : body}`
}
