import type { Answer } from './answer.ts'
import type { Draft, StepKind } from './answer-step-kinds.ts'
import { bodySteps } from './body-steps.ts'
import { type Check, pointers } from './checks.ts'
import { type Place, placesAt, placesWhere } from './json-places.ts'
import { listSteps } from './list-steps.ts'
import { memberSteps } from './member-steps.ts'
import { wireSteps } from './wire-steps.ts'

/** Every way in which an answer can be made to differ from the one that the simulator would honestly have given. */
export const answerSteps = { ...wireSteps, ...bodySteps, ...memberSteps, ...listSteps } as const

type Kinds = typeof answerSteps
export type StepName = keyof Kinds
type StepValue<K extends StepName> = Parameters<Kinds[K]['apply']> extends [unknown, infer V, ...unknown[]] ? V : true

/** One step, e.g. `{ status: 200 }`, `{ envelope: 'data' }`, `{ times: 'no-zone' }`, `{ remove: true, at: '/total' }`. */
export type AnswerStep = {
  [K in StepName]: { readonly [name in K]: StepValue<K> } & { readonly at?: string | readonly string[] }
}[StepName]

/** Applies the steps one after the other to a copy of the answer; the state of the simulator is not touched. */
export function changeAnswer(answer: Answer, steps: readonly AnswerStep[]): Answer {
  if (steps.length === 0) return answer
  const draft = toDraft(answer)
  for (const step of steps) applyStep(draft, step)
  return toAnswer(answer, draft)
}

export function toDraft({ status, body, text, headers, wire }: Answer): Draft {
  return {
    status,
    headers: { ...headers },
    wire: { ...wire },
    ...(text !== undefined && { text }),
    ...(body !== undefined && { body: JSON.parse(JSON.stringify(body)) }),
  }
}

export function toAnswer(answer: Answer, { status, body, text, headers, wire }: Draft): Answer {
  const applied = answer.applied ?? answer.status < 400
  return { status, headers, wire, applied, ...(body !== undefined && { body }), ...(text !== undefined && { text }) }
}

export function applyStep(draft: Draft, step: AnswerStep): void {
  const { name, value } = readStep(step)
  const kind: StepKind = answerSteps[name]
  // From the last to the first: an item that goes must not move those that come after.
  const places = kind.at === undefined ? [noPlace] : placesOf(draft, kind.at, step.at).reverse()
  for (const place of places) kind.apply(draft, copyOf(value) as never, place)
}

/** Each place gets its own, as a later step may change it there. */
const copyOf = (value: unknown): unknown => (typeof value === 'object' ? structuredClone(value) : value)

const noPlace: Place = { parent: {}, key: 'body', pointer: '' }

function placesOf(draft: Draft, { fits, without }: NonNullable<StepKind['at']>, at: AnswerStep['at']): Place[] {
  if (draft.text !== undefined || draft.body === undefined) return []
  if (at !== undefined) return [at].flat().flatMap((pointer) => placesAt(draft, pointer))
  const found = placesWhere(draft, fits)
  return without === 'first' ? found.slice(0, 1) : found
}

function readStep(step: AnswerStep): { name: StepName; value: unknown } {
  const name = Object.keys(step).find((key) => key !== 'at') as StepName
  return { name, value: (step as Record<string, unknown>)[name] }
}

/** What is wrong with a step from outside, in words; undefined when nothing is. */
export function faultOfStep(step: unknown): string | undefined {
  if (typeof step !== 'object' || step === null || Array.isArray(step))
    return 'must be an object such as {"status":200}'
  const { at, ...rest } = step as Record<string, unknown>
  const [name, ...more] = Object.keys(rest)
  if (name === undefined || more.length > 0) return `must have one step (and perhaps at), e.g. {"status":200}`
  if (!Object.hasOwn(answerSteps, name))
    return `.${name} is not known here; known are: ${Object.keys(answerSteps).join(', ')}`
  const kind: StepKind = answerSteps[name as StepName]
  const [accepts, expected]: Check = kind.value
  if (!accepts(rest[name])) return `.${name} must be ${expected}`
  if (at !== undefined && kind.at === undefined) return `.at has no meaning for ${name}`
  if (at === undefined && kind.at?.without === 'refused') return `.${name} needs at, a JSON pointer`
  return at === undefined || pointers[0](at) ? undefined : `.at must be ${pointers[1]}`
}
