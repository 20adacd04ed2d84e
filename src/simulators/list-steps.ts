import type { Draft, StepKinds } from './answer-step-kinds.ts'
import { isTrue, oneOf } from './checks.ts'
import { type Place, removeAt, replaceAt, valueAt } from './json-places.ts'

const isList = (value: unknown) => Array.isArray(value)
const isFilled = (value: unknown) => Array.isArray(value) && value.length > 0
const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isAttributes = (value: unknown, key: string | number) =>
  isObject(value) && typeof key === 'string' && key !== 'body'

/** Lists and objects, whole. All assumed. */
export const listSteps = {
  emptyList: {
    group: 'shape',
    value: oneOf('null', 'object', 'absent', 'text'),
    samples: ['null', 'object', 'absent', 'text'],
    at: { fits: isEmptyList, without: 'all' },
    does: 'Empty lists as null, as `{}`, as an empty text, or left out.',
    apply: (_draft: Draft, form: keyof typeof empties, place: Place) => replaceEmpty(place, form),
  },
  emptyObject: {
    group: 'shape',
    value: oneOf('null', 'list', 'absent', 'text'),
    samples: ['null', 'list', 'absent', 'text'],
    at: {
      fits: (value, key) => isAttributes(value, key) && Object.keys(value as object).length === 0,
      without: 'all',
    },
    does: 'Empty objects as null, as `[]` (PHP), as an empty text, or left out.',
    apply: (_draft: Draft, form: keyof typeof empties, place: Place) => replaceEmpty(place, form),
  },
  listAs: {
    group: 'shape',
    value: oneOf('objects', 'keyed', 'joined', 'first', 'json', 'doubled-list'),
    samples: ['objects', 'keyed', 'joined', 'first', 'json', 'doubled-list'],
    at: { fits: isList, without: 'first' },
    does: 'A list as objects `{"name": …}`, as an object by number, as a text with commas, as its first item, as JSON text, or inside a list.',
    apply: (_draft: Draft, form: keyof typeof listForms, place: Place) =>
      replaceAt(place, listForms[form](valueAt(place) as unknown[])),
  },
  objectAs: {
    group: 'shape',
    value: oneOf('pairs', 'json', 'in-list', 'values'),
    samples: ['pairs', 'json', 'in-list', 'values'],
    at: { fits: isAttributes, without: 'first' },
    does: 'An object as a list of `{"key", "value"}`, as JSON text, inside a list, or as its values alone.',
    apply: (_draft: Draft, form: keyof typeof objectForms, place: Place) =>
      replaceAt(place, objectForms[form](valueAt(place) as object)),
  },
  order: {
    group: 'shape',
    value: oneOf('reversed', 'rotated', 'swapped'),
    samples: ['reversed', 'rotated', 'swapped'],
    at: { fits: isFilled, without: 'first' },
    does: 'The items in another order.',
    apply(_draft: Draft, order: 'reversed' | 'rotated' | 'swapped', place: Place) {
      const list = valueAt(place) as unknown[]
      if (order === 'reversed') list.reverse()
      else if (order === 'rotated') list.push(...list.splice(0, 1))
      else list.push(...list.splice(-2, 2).reverse())
    },
  },
  oddItem: {
    group: 'damage',
    value: oneOf('null', 'text', 'number', 'empty', 'list', 'without-id', 'without-number', 'error'),
    samples: ['null', 'text', 'number', 'empty', 'list', 'without-id', 'without-number', 'error'],
    at: { fits: isList, without: 'first' },
    does: 'One more item that is none, in front of the others: null, a text, `{}`, or a person without an id or number.',
    apply: (_draft: Draft, form: keyof typeof oddItems, place: Place) =>
      (valueAt(place) as unknown[]).unshift(oddItems[form]((valueAt(place) as unknown[])[0])),
  },
  repeatItem: {
    group: 'damage',
    value: isTrue,
    samples: [true],
    at: { fits: isFilled, without: 'first' },
    does: 'The first item twice.',
    apply: (_draft: Draft, _value: true, place: Place) =>
      (valueAt(place) as unknown[]).push(structuredClone((valueAt(place) as unknown[])[0])),
  },
  dropItem: {
    group: 'damage',
    value: oneOf('first', 'last', 'all'),
    samples: ['first', 'last', 'all'],
    at: { fits: isFilled, without: 'first' },
    does: 'The first item, the last one or all are left out.',
    apply(_draft: Draft, which: 'first' | 'last' | 'all', place: Place) {
      const list = valueAt(place) as unknown[]
      list.splice(which === 'last' ? -1 : 0, which === 'all' ? list.length : 1)
    },
  },
} as const satisfies StepKinds

const empties = { null: null, object: {}, list: [], text: '', absent: undefined }

function replaceEmpty(place: Place, form: keyof typeof empties): void {
  if (form === 'absent') removeAt(place)
  else replaceAt(place, structuredClone(empties[form]))
}

const listForms = {
  objects: (list: unknown[]) => list.map((item) => ({ name: item })),
  keyed: (list: unknown[]) => ({ ...list }),
  joined: (list: unknown[]) => list.map((item) => (isObject(item) ? JSON.stringify(item) : String(item))).join(','),
  first: (list: unknown[]) => list[0] ?? null,
  json: (list: unknown[]) => JSON.stringify(list),
  'doubled-list': (list: unknown[]) => [list],
}

const objectForms = {
  pairs: (object: object) => Object.entries(object).map(([key, value]) => ({ key, value })),
  json: (object: object) => JSON.stringify(object),
  'in-list': (object: object) => [object],
  values: (object: object) => Object.values(object),
}

/** Made after a real item where there is one, so that only the one thing about them is odd. */
const oddItems = {
  null: () => null,
  text: () => 'n/a',
  number: () => 0,
  empty: () => ({}),
  list: () => [],
  'without-id': (item: unknown) => without(item, ['id']),
  'without-number': (item: unknown) => ({ ...without(item, ['phone_number']), id: 'odd-1' }),
  error: () => ({ error: 'contact could not be loaded' }),
}

function without(item: unknown, members: string[]): object {
  const known = isObject(item) ? (item as object) : { name: 'Odd', status: 'added' }
  return Object.fromEntries(Object.entries(structuredClone(known)).filter(([key]) => !members.includes(key)))
}
