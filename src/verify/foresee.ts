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

/** A call on one line, with its body. */
export function describeRequest({ method, path, json, file }: ProviderRequest): string {
  const body =
    json === undefined
      ? file === undefined
        ? ''
        : ` (a file of ${file.content.split('\n').length - 1} lines)`
      : ` ${JSON.stringify(json)}`
  return `${method} ${path}${body}`
}
