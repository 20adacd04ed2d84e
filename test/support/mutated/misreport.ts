import { changeAtRandom, type RandomChanges } from '../../../src/simulators/random-changes.ts'
import { type JsonAnswer, mutateAnswer } from '../mutate-answer.ts'
import type { Said } from '../odd-provider.ts'
import type { Random } from '../random.ts'
import type { Held } from './provider-model.ts'

/**
 * Steps that leave it to be seen that an answer is not as documented. Those that only travel otherwise have tests of their
 * own; one that puts another value in the place of a name would be a lie that nobody can see through.
 */
const steps: NonNullable<RandomChanges['only']> = [
  ...([
    'envelope',
    'inList',
    'asJsonText',
    'body',
    'only',
    'noBody',
    'text',
    'page',
    'cut',
    'before',
    'after',
  ] as const),
  ...(['problem', 'failure', 'echo', 'remove', 'rename', 'nest', 'asText', 'asNumber', 'times', 'id'] as const),
  ...(['unknownWord', 'emptyList', 'emptyObject', 'listAs', 'objectAs', 'order', 'oddItem', 'repeatItem'] as const),
  'dropItem',
]

/**
 * What is said in place of an answer. `others` are people of whom it is not. `isPart`: a part of the request may be
 * done, so that neither another code nor the page of a proxy may say that it was refused whole.
 */
export function misreport(
  documented: JsonAnswer,
  { others, isPart }: { readonly others: readonly Held[]; readonly isPart: boolean },
  random: Random,
): Said {
  const answer = !isPart && random.chance(0.15) ? otherCode(documented, random) : documented
  switch (random.int(10)) {
    case 0:
      return answer
    case 1:
      return { ...answer, cut: random.pick(['before', 'within']) }
    case 2:
      return ofAnother(answer, others, random)
    case 3:
    case 4:
    case 5:
      return unlessLie(mutateAnswer(answer, random), answer)
    default:
      return unlessLie(changed(answer, random, isPart ? ['page'] : []), answer)
  }
}

/** Tags and attributes of a person, whole and in their documented form. */
const values = /"tags":(?:\[[^\]{]*\]|"[^"]*")|"custom_attributes":\{[^}]*\}/g

/** Other values in the documented form are no other form: nobody can see through them. */
function unlessLie(said: Said, documented: JsonAnswer): Said {
  const truth = JSON.stringify(documented)
  const isLie = JSON.stringify(said)
    .match(values)
    ?.some((value) => !truth.includes(value))
  const isNobody = isPage(documented) && Array.isArray(said.body) && said.body.length === 0
  return isLie === true || isNobody ? documented : said
}

function changed(answer: JsonAnswer, random: Random, never: readonly 'page'[]): Said {
  const except = isPage(answer) ? never : [...never, ...notOfItems]
  const settings = { seed: random.int(2 ** 32), steps: 1, only: steps, except }
  const { status, body, text } = changeAtRandom(answer, settings, 0).answer
  if (text !== undefined) return { status, body: text }
  return status < 300 && isOwnRefusal(body) ? answer : { status, body }
}

/** Octopush leaves out of its answer whom it does not take. */
const notOfItems = ['dropItem'] as const

function isPage({ body }: JsonAnswer): boolean {
  return typeof body === 'object' && body !== null && 'has_more' in body
}

/** A refusal in the provider's own code is believed beside any status: if it was none, nobody can see through it. */
function isOwnRefusal(body: unknown): boolean {
  return JSON.stringify(body ?? null).includes('VALIDATION_ERROR')
}

const codes = [
  [200, 201, 202, 203, 204, 207],
  [400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 415, 422, 429],
] as const

/** Another code of the same class. A page that is 204 would say that there is nobody. */
function otherCode(answer: JsonAnswer, random: Random): JsonAnswer {
  const status = random.pick(answer.status < 300 ? codes[0] : codes[1])
  if (status === 204) return isPage(answer) ? answer : { status, body: undefined }
  return { status, body: answer.body }
}

/** The answer with somebody else in it, or in its place. */
function ofAnother(answer: JsonAnswer, others: readonly Held[], random: Random): Said {
  if (others.length === 0) return answer
  const { phone, attributes, ...rest } = random.pick(others)
  const other = { ...rest, phone_number: phone, custom_attributes: attributes }
  const duplicate = `Duplicate entry '${other.email ?? phone}' for key 'contacts.number' ${phone}`
  const { status } = answer
  const body = typeof answer.body === 'object' && answer.body !== null ? answer.body : {}
  switch (random.int(8)) {
    case 0:
      return { status, body: other }
    case 7:
      return { status, body: { ...other, phone_number: undefined } }
    case 1:
      return { status, body: { ...body, debug: { existing: other }, trace: [JSON.stringify(other)] } }
    case 2:
      return { status, body: `QueryException: ${duplicate}; row ${JSON.stringify(other)}` }
    case 3:
      return { status, body: { ...body, contact: other, data: { contact: other } } }
    case 4:
      return { status, body: { error: { code: 'FAILED', message: duplicate, details: other } } }
    case 5:
      return { status, body: `<html><body><h1>${duplicate}</h1>\n${JSON.stringify(other)}</body></html>` }
    default:
      return { status, body: { ...body, errors: [{ cd: 'FAILED', message: duplicate, contact: other }] } }
  }
}
