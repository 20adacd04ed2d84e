import type { Random } from './random.ts'

/** An answer as a provider gives it. */
export type JsonAnswer = { readonly status: number; readonly body: unknown }

type Members = Record<string, unknown>
type Mutation = (body: Members, random: Random) => unknown

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One object of an answer, itself or anywhere in it, with one change. */
function somewhere(value: unknown, random: Random, change: Mutation): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0) return value
    const place = random.int(value.length)
    return value.map((item, index) => (index === place ? somewhere(item, random, change) : item))
  }
  if (!isMembers(value)) return value
  const inner = Object.keys(value).filter((name) => typeof value[name] === 'object' && value[name] !== null)
  if (inner.length === 0 || random.chance(0.5)) return change(value, random)
  const name = random.pick(inner)
  return { ...value, [name]: somewhere(value[name], random, change) }
}

/** Changes one member of an object. */
const toMember =
  (change: (value: unknown, random: Random) => unknown): Mutation =>
  (body, random) => {
    const names = Object.keys(body)
    if (names.length === 0) return body
    const name = random.pick(names)
    return { ...body, [name]: change(body[name], random) }
  }

const otherType = (value: unknown, random: Random): unknown => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return random.pick<unknown>([[value], { value }, null])
  return random.pick<unknown>(['', {}, 7])
}

const mutations: readonly Mutation[] = [
  (body, random) => {
    const gone = random.pick(Object.keys(body))
    return Object.fromEntries(Object.entries(body).filter(([name]) => name !== gone))
  },
  (body, random) => Object.fromEntries(random.shuffle(Object.entries(body))),
  (body, random) => {
    const renamed = random.pick(Object.keys(body))
    return Object.fromEntries(
      Object.entries(body).map(([name, value]) => [name === renamed ? `x_${name}` : name, value]),
    )
  },
  toMember((value) => ({ value })),
  toMember(() => null),
  toMember(otherType),
  (body) => ({ ...body, unheard_of: { name: 'x', id: 7 } }),
]

/** The answer with one change of its form, at most: what it says of people stays as it is where it is said at all. */
export function mutateAnswer({ status, body }: JsonAnswer, random: Random): JsonAnswer {
  const sameClass = status < 300 ? random.pick([status, 200, 201]) : status
  if (!isMembers(body)) return { status: body === undefined ? status : sameClass, body }
  switch (random.int(6)) {
    case 0:
      return { status: sameClass, body: { [random.pick(['data', 'result', 'answer'])]: body } }
    case 1:
      return {
        status: sameClass,
        body: random.pick<unknown>([JSON.stringify(body), [body], { success: true, ...body }]),
      }
    case 2:
      return {
        status: sameClass,
        body: { ...body, ...random.pick([{ status: 'error' }, { success: false }, { error: 'no' }]) },
      }
    case 3:
      return { status: sameClass, body: cutList(body, random) }
    default:
      return { status: sameClass, body: somewhere(body, random, random.pick(mutations)) }
  }
}

/** A page that lost some of its items on the way. Where items are no page, one that is not there says what it is meant to. */
function cutList(body: Members, random: Random): Members {
  const { items } = body
  return Array.isArray(items) && items.length > 0 && 'total' in body
    ? { ...body, items: items.slice(0, random.int(items.length)) }
    : body
}
