import { type Behaviour, parseBehaviour, type Rule } from './behaviour.ts'
import { defaultQuirks, type Quirks, type QuirkTable } from './quirk-table.ts'

/** What is known of a request when a rule is chosen for it. */
export interface Incoming {
  operation: string
  method: string
  /** The raw URL as received. */
  path: string
  body: Buffer
}

/** The behaviour in force, and how often each of its rules may still be used. */
export interface RuleBook<T extends QuirkTable> {
  /** @throws BehaviourError; the behaviour in force then stays. */
  set(behaviour: unknown): void
  /** As it was set, `times` not counted down. */
  current(): Behaviour<Quirks<T>>
  /** Chooses the rule for a request and uses it up once; `number` counts the requests of the rule, from 0. */
  next(request: Incoming): { rule: Rule; quirks: Quirks<T>; number: number }
}

const goodBehaviour: Rule = Object.freeze({})

/** @param initialQuirks quirks that hold until a behaviour says otherwise, also after a reset. */
export function createRuleBook<T extends QuirkTable>(
  table: T,
  operations: readonly string[],
  initialQuirks: Partial<Quirks<T>> = {},
): RuleBook<T> {
  const defaults: Quirks<T> = { ...defaultQuirks(table), ...initialQuirks }
  let behaviour: Behaviour<Quirks<T>> = {}
  let general: Quirks<T> = defaults
  let entries: { rule: Rule; left: number; number: number }[] = []

  return {
    set(value) {
      behaviour = parseBehaviour(value, table, operations)
      const { rules, quirks, ...single } = behaviour
      general = { ...defaults, ...quirks }
      entries = (rules ?? [single]).map((rule) => ({
        rule: rule as Rule,
        left: rule.times ?? Number.POSITIVE_INFINITY,
        number: 0,
      }))
    },
    current: () => behaviour,
    next(request) {
      const entry = entries.find(({ rule, left }) => left > 0 && matches(rule, request))
      if (entry === undefined) return { rule: goodBehaviour, quirks: general, number: 0 }
      entry.left -= 1
      const number = entry.number++
      const { quirks } = entry.rule
      return { rule: entry.rule, quirks: quirks === undefined ? general : { ...general, ...quirks }, number }
    },
  }
}

function matches({ match }: Rule, request: Incoming): boolean {
  if (match === undefined) return true
  if (match.operation !== undefined && ![match.operation].flat().includes(request.operation)) return false
  if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false
  if (match.path !== undefined && !request.path.includes(match.path)) return false
  return match.body === undefined || request.body.includes(match.body)
}
