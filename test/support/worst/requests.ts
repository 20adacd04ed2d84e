import type { Random } from '../random.ts'
import { worstAddresses } from './addresses.ts'
import { worstBodies } from './bodies.ts'
import { worstFields } from './fields.ts'
import { worstTexts } from './texts.ts'
import { worstUploads } from './uploads.ts'
import type { WorstRequest, WorstTexts } from './worst-request.ts'

/**
 * Requests that give every parser and every field its largest value, in the worst shapes that are known, with texts of
 * these kinds. They are made one after the other, so that they need not be held together.
 */
export function* worstRequests(texts: WorstTexts = worstTexts): Generator<WorstRequest> {
  yield* worstBodies()
  yield* worstFields(texts)
  yield* worstUploads(texts)
  yield* worstAddresses(texts)
}

/** Some kinds of texts, where there is no time for all. */
export function someTexts(random: Random, count: number): WorstTexts {
  const kinds = Object.entries(worstTexts)
  return Object.fromEntries(Array.from({ length: count }, () => random.pick(kinds)))
}
