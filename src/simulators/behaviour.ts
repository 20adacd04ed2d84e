import { type AnswerStep, faultOfStep } from './change-answer.ts'
import { type Check, oneOf, positive, share, status, text, texts, whole } from './checks.ts'
import { checkOf, type Quirks, type QuirkTable } from './quirk-table.ts'
import { type RandomChanges, stepAndGroupNames } from './random-changes.ts'
import { type RateLimit, rateLimitForms } from './rate-limit.ts'

/**
 * What a simulator can be told to do wrong: the body of `PUT /_sim/behaviour`, checked strictly.
 * A misspelt member would make a test pass for the wrong reason, so unknown members are refused.
 */

/** Before the request has had any effect, or after it was applied. */
export type When = 'before' | 'after'

/** One misbehaviour. At most one of the faults (`status` … `giantBody`) may be given; the rest combines with it. */
export interface Rule<Q = Record<string, unknown>> {
  /**
   * Only requests like this; `operation` one of the provider's own or several, `method` in any case, `path` a substring of
   * the raw URL, `body` a substring of the raw body.
   */
  match?: { operation?: string | readonly string[]; method?: string; path?: string; body?: string }
  /** Only the next so many matching requests; default: for ever. */
  times?: number
  /** Wait this long before anything else happens (alone: a slow but correct provider, also when the caller gave up). */
  latencyMs?: number
  /** Answer this status with the provider's own error body; nothing is applied. */
  status?: number
  /** Apply the request, then answer this status with the provider's own error body. */
  statusAfterApplying?: number
  /** Never answer. */
  hang?: When
  /** Destroy the connection without an answer, or in the middle of the (real) answer. */
  reset?: When | 'mid-response'
  /** 429; `retryAfter` is sent as it is (seconds or an HTTP date), or not at all, in the header or where `as` says. */
  rateLimit?: RateLimit
  /** Any text with any status; default: a 200 with an HTML page, before anything was applied. */
  garbage?: { status?: number; text?: string; contentType?: string; when?: When }
  /** Redirect without applying; default status 307. */
  redirect?: { location: string; status?: 301 | 302 | 303 | 307 | 308 }
  /** The real answer's body (applied), `bytes` at a time, the first at once. */
  drip?: { bytes: number; intervalMs: number }
  /** Applied, then a 200 whose chunked JSON body has this many bytes, or never ends. */
  giantBody?: number | 'endless'
  /** The answer (of the provider, or of `status`, `rateLimit` …) changed by these steps, one after the other; assumed. */
  answer?: AnswerStep | readonly AnswerStep[]
  /** The answer changed by random steps, after those of `answer`; `GET /_sim/requests` tells which. Assumed. */
  random?: RandomChanges
  /** Quirks for the requests that this rule answers; at the top level: for every request. */
  quirks?: Partial<Q>
}

/** A single rule, or several under `rules` (the first that matches and is not used up wins). `{}` is good behaviour. */
export interface Behaviour<Q = Record<string, unknown>> extends Rule<Q> {
  rules?: Rule<Q>[]
}

/** The faults; a rule has at most one of them. */
export const faults = [
  'status',
  'statusAfterApplying',
  'hang',
  'reset',
  'rateLimit',
  'garbage',
  'redirect',
  'drip',
  'giantBody',
] as const
export type Fault = (typeof faults)[number]

/** The behaviour was not understood; `message` says what is wrong and what would be right. */
export class BehaviourError extends Error {}

type Shape = { readonly [member: string]: Check | Shape }

const numberOf: Check = [(value) => Number.isSafeInteger(value), 'a whole number']
const stepNames: Check = [
  (value) => texts[0](value) && (value as string[]).every((name) => stepAndGroupNames.includes(name)),
  `a list of steps or groups of steps: ${stepAndGroupNames.join(', ')}`,
]

const ruleShape = {
  times: positive,
  latencyMs: whole,
  status,
  statusAfterApplying: status,
  hang: oneOf('before', 'after'),
  reset: oneOf('before', 'after', 'mid-response'),
  rateLimit: {
    retryAfter: [(value) => whole[0](value) || typeof value === 'string', 'seconds or an HTTP date'],
    as: oneOf(...rateLimitForms),
  },
  garbage: { status, text, contentType: text, when: oneOf('before', 'after') },
  redirect: { location: text, status: oneOf(301, 302, 303, 307, 308) },
  drip: { bytes: positive, intervalMs: whole },
  giantBody: [(value) => value === 'endless' || whole[0](value), 'a number of bytes or "endless"'],
  answer: [(value) => typeof value === 'object' && value !== null, 'a step such as {"status":200}, or a list of steps'],
  random: { seed: numberOf, steps: positive, share, only: stepNames, except: stepNames },
} as const satisfies Shape

/**
 * Checks a behaviour from outside against the shape above, the provider's quirks and its operations.
 * @throws BehaviourError naming the member, what was expected and, for an unknown one, the known ones.
 */
export function parseBehaviour<T extends QuirkTable>(
  value: unknown,
  quirkTable: T,
  operations: readonly string[],
): Behaviour<Quirks<T>> {
  const { rules, ...top } = asObject(value, 'behaviour')
  const shape = shapeFor(quirkTable, operations)
  checkRule(top, shape, 'behaviour', ['rules'])
  if (rules === undefined) return top
  if (!Array.isArray(rules)) throw new BehaviourError('behaviour.rules must be an array of behaviours')
  const beside = Object.keys(top).filter((member) => member !== 'quirks')
  if (beside.length > 0)
    throw new BehaviourError(`behaviour.rules stands alone or with quirks, not with ${beside.join(', ')}`)
  rules.forEach((rule, index) => {
    checkRule(asObject(rule, `behaviour.rules[${index}]`), shape, `behaviour.rules[${index}]`)
  })
  return { ...top, rules }
}

/** The fault that a rule asks for, if any. */
export const faultOf = (rule: Rule): Fault | undefined => faults.find((fault) => rule[fault] !== undefined)

/** The members of a rule in their order: what it is for, what it does, and the provider's own. */
function shapeFor(quirkTable: QuirkTable, operations: readonly string[]): Shape {
  const known: Check = [
    (value) => [value].flat().every((name) => operations.includes(name as string)) && [value].flat().length > 0,
    `one or more of ${operations.map((name) => JSON.stringify(name)).join(', ')}`,
  ]
  const quirks = Object.fromEntries(Object.entries(quirkTable).map(([name, quirk]) => [name, checkOf(quirk)]))
  return { match: { operation: known, method: text, path: text, body: text }, ...ruleShape, quirks }
}

function checkRule(rule: Record<string, unknown>, shape: Shape, place: string, alsoKnown: string[] = []): void {
  checkMembers(rule, shape, place, alsoKnown)
  const given = faults.filter((fault) => rule[fault] !== undefined)
  if (given.length > 1) throw new BehaviourError(`${place} has ${given.join(' and ')}: one fault at a time, use rules`)
  if (rule.redirect !== undefined && asObject(rule.redirect, place).location === undefined)
    throw new BehaviourError(`${place}.redirect needs a location`)
  if (rule.drip !== undefined && Object.keys(asObject(rule.drip, place)).length < 2)
    throw new BehaviourError(`${place}.drip needs bytes and intervalMs`)
  if (rule.random !== undefined && asObject(rule.random, place).seed === undefined)
    throw new BehaviourError(`${place}.random needs a seed`)
  checkSteps(rule.answer, `${place}.answer`)
}

function checkSteps(answer: unknown, place: string): void {
  if (answer === undefined) return
  const steps = Array.isArray(answer) ? answer : [answer]
  steps.forEach((step, index) => {
    const fault = faultOfStep(step)
    const where = Array.isArray(answer) ? `${place}[${index}]` : place
    if (fault !== undefined) throw new BehaviourError(`${where}${fault.startsWith('.') ? '' : ' '}${fault}`)
  })
}

function checkMembers(value: Record<string, unknown>, shape: Shape, place: string, alsoKnown: string[] = []): void {
  for (const [member, content] of Object.entries(value)) {
    const expected = Object.hasOwn(shape, member) ? shape[member] : undefined
    if (expected === undefined) {
      const known = [...Object.keys(shape), ...alsoKnown].join(', ')
      throw new BehaviourError(`${place}.${member} is not known here; known are: ${known}`)
    }
    if (!isCheck(expected)) checkMembers(asObject(content, `${place}.${member}`), expected, `${place}.${member}`)
    else if (!expected[0](content)) throw new BehaviourError(`${place}.${member} must be ${expected[1]}`)
  }
}

const isCheck = (expected: Check | Shape): expected is Check => Array.isArray(expected)

function asObject(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new BehaviourError(`${place} must be an object`)
}
