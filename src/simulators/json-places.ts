/** Places inside a JSON value, found by JSON pointer or by what stands there, so that it can be changed in place. */

type Parent = Record<string | number, unknown>

/** One member of an object or item of an array. `pointer` names it, without wildcards. */
export interface Place {
  parent: Parent
  key: string | number
  pointer: string
}

/** Holds the whole body, so that this is a place like any other, with the pointer `''`. */
export interface Root {
  body?: unknown
}

/** More places than anybody needs to choose among: a long list stays cheap. */
const maxPlaces = 2_000

/** The places that a pointer names, in order; `*` stands for every item or member. A last step need not exist yet. */
export function placesAt(root: Root, pointer: string): Place[] {
  let places: Place[] = [{ parent: root as Parent, key: 'body', pointer: '' }]
  const steps = pointer.split('/').slice(1)
  steps.forEach((step, index) => {
    const isLast = index === steps.length - 1
    places = places.flatMap((place) => stepInto(place, step.replaceAll('~1', '/').replaceAll('~0', '~'), isLast))
  })
  return places
}

function stepInto(place: Place, step: string, mayBeNew: boolean): Place[] {
  const value = valueAt(place)
  if (typeof value !== 'object' || value === null) return []
  if (step === '*') return childrenOf(place)
  if (Array.isArray(value)) {
    const index = step === '-' ? value.length : Number(step)
    const isPlace = /^(\d+|-)$/.test(step) && (index < value.length || mayBeNew)
    return isPlace ? [{ parent: value as unknown as Parent, key: index, pointer: `${place.pointer}/${index}` }] : []
  }
  return Object.hasOwn(value, step) || mayBeNew ? [childOf(place, value as Parent, step)] : []
}

/** All places of a body whose value (with its name) is looked for, from the outside to the inside. */
export function placesWhere(root: Root, fits: (value: unknown, key: string | number) => boolean): Place[] {
  const found: Place[] = []
  const queue: Place[] = [{ parent: root as Parent, key: 'body', pointer: '' }]
  for (let next = 0; next < queue.length && queue.length < maxPlaces; next++) {
    const place = queue[next] as Place
    const value = valueAt(place)
    if (value !== undefined && fits(value, place.key)) found.push(place)
    if (typeof value === 'object' && value !== null) queue.push(...childrenOf(place))
  }
  return found
}

export const valueAt = ({ parent, key }: Place): unknown => parent[key]

export function replaceAt({ parent, key }: Place, value: unknown): void {
  parent[key] = value
}

export function removeAt({ parent, key }: Place): void {
  if (Array.isArray(parent)) parent.splice(key as number, 1)
  else delete parent[key]
}

function childrenOf(place: Place): Place[] {
  const value = valueAt(place)
  if (Array.isArray(value))
    return value.map((_item, index) => ({
      parent: value as unknown as Parent,
      key: index,
      pointer: `${place.pointer}/${index}`,
    }))
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value).map((key) => childOf(place, value as Parent, key))
}

function childOf(place: Place, parent: Parent, key: string): Place {
  return { parent, key, pointer: `${place.pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` }
}
