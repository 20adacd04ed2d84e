import type { Answer } from './answer.ts'
import { type StepGroup, type StepKind, stepGroups } from './answer-step-kinds.ts'
import { type AnswerStep, answerSteps, applyStep, type StepName, toAnswer, toDraft } from './change-answer.ts'
import { placesWhere } from './json-places.ts'

/** Answers changed at random, the same way for the same seed, request number and honest answer. */
export interface RandomChanges {
  seed: number
  /** At most so many steps on one answer; default 3. */
  steps?: number
  /** The share of the answers that are changed, 0 to 1; default 1. */
  share?: number
  /** Steps and groups of steps to choose from; default all. */
  only?: readonly (StepName | StepGroup)[]
  /** Steps and groups of steps to leave out; default none. */
  except?: readonly (StepName | StepGroup)[]
}

export const stepAndGroupNames: readonly string[] = [...stepGroups, ...Object.keys(answerSteps)]

const stepNames = Object.keys(answerSteps) as StepName[]
/** How often another step is tried where one finds nothing to change. */
const maxTries = 8

/** @returns the answer, and the steps that lead to it: given as `answer`, they do the same again. */
export function changeAtRandom(
  answer: Answer,
  settings: RandomChanges,
  requestNumber: number,
): { answer: Answer; steps: AnswerStep[] } {
  const random = createRandom(settings.seed, requestNumber)
  if (random() >= (settings.share ?? 1)) return { answer, steps: [] }
  const names = namesWanted(settings)
  const draft = toDraft(answer)
  const steps: AnswerStep[] = []
  for (let left = 1 + Math.floor(random() * (settings.steps ?? 3)); left > 0; left--) {
    for (let tries = maxTries; tries > 0; tries--) {
      const step = sampleStep(draft, pick(names, random), random)
      if (step === undefined) continue
      applyStep(draft, step)
      steps.push(step)
      break
    }
  }
  return { answer: toAnswer(answer, draft), steps }
}

/** By the settings themselves, which are the same for thousands of answers. */
const wanted = new WeakMap<RandomChanges, StepName[]>()

function namesWanted(settings: RandomChanges): StepName[] {
  const known = wanted.get(settings)
  if (known !== undefined) return known
  const names = stepNames.filter((name) => isWanted(name, settings))
  wanted.set(settings, names)
  return names
}

function isWanted(name: StepName, { only, except }: RandomChanges): boolean {
  const { group, samples } = answerSteps[name]
  const isNamed = (names: readonly string[]) => names.includes(name) || names.includes(group)
  return samples.length > 0 && (only === undefined || isNamed(only)) && !(except !== undefined && isNamed(except))
}

type Draft = ReturnType<typeof toDraft>

function sampleStep(draft: Draft, name: StepName | undefined, random: () => number): AnswerStep | undefined {
  if (name === undefined) return undefined
  const { samples, at }: StepKind = answerSteps[name]
  const value = pick(samples, random)
  if (at === undefined) return { [name]: value } as AnswerStep
  if (draft.text !== undefined || draft.body === undefined) return undefined
  const place = pick(placesWhere(draft, at.fits), random)
  return place && ({ [name]: value, at: place.pointer } as AnswerStep)
}

function pick<T>(items: readonly T[], random: () => number): T | undefined {
  return items[Math.floor(random() * items.length)]
}

/** Numbers from 0 to 1 (mulberry32), a row of its own for each seed and request. */
function createRandom(seed: number, requestNumber: number): () => number {
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(requestNumber + 1, 0x85ebca6b)) | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
