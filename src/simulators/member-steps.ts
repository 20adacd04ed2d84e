import type { Draft, StepKinds } from './answer-step-kinds.ts'
import { isTrue, json, name, oneOf } from './checks.ts'
import { type Place, removeAt, replaceAt, valueAt } from './json-places.ts'
import { rewriteTime, timeForms } from './time-forms.ts'

const isMember = (_value: unknown, key: string | number) => typeof key === 'string' && key !== 'body'
const isNumeral = (value: unknown) => typeof value === 'string' && /^\+?\d{1,15}$/.test(value)
const isScalar = (value: unknown) => typeof value === 'number' || typeof value === 'boolean'
const isTime = (value: unknown) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value)
const isWord = (value: unknown, key: string | number) =>
  typeof value === 'string' && typeof key === 'string' && /^(status|state|result|outcome)$/.test(key)
const isId = (value: unknown, key: string | number) => typeof value === 'string' && /^(id|uuid)$/.test(String(key))

/** Single members and values. All assumed. */
export const memberSteps = {
  set: {
    group: 'damage',
    value: json,
    samples: [null, '', 'x', 0, -1, 1, false, true, [], {}, ['x'], { message: 'x' }],
    at: { fits: isMember, without: 'refused' },
    does: 'This value there, whether or not something stood there.',
    apply: (_draft: Draft, value: unknown, place: Place) => replaceAt(place, value),
  },
  remove: {
    group: 'damage',
    value: isTrue,
    samples: [true],
    at: { fits: isMember, without: 'refused' },
    does: 'The member or item is left out.',
    apply: (_draft: Draft, _value: true, place: Place) => removeAt(place),
  },
  rename: {
    group: 'damage',
    value: name,
    samples: ['value', 'contacts', 'results', 'phone', 'number', 'Id', 'full_name'],
    at: { fits: isMember, without: 'refused' },
    does: 'The member under another name.',
    apply(_draft: Draft, value: string, place: Place) {
      const content = valueAt(place)
      removeAt(place)
      replaceAt({ ...place, key: value }, content)
    },
  },
  nest: {
    group: 'damage',
    value: name,
    samples: ['contact', 'value', 'attributes', 'data'],
    at: { fits: (value, key) => key !== 'body' && value !== null, without: 'refused' },
    does: 'The value inside an object, under this name.',
    apply: (_draft: Draft, value: string, place: Place) => replaceAt(place, { [value]: valueAt(place) }),
  },
  asText: {
    group: 'shape',
    value: isTrue,
    samples: [true],
    at: { fits: isScalar, without: 'all' },
    does: 'Numbers and booleans as texts.',
    apply: (_draft: Draft, _value: true, place: Place) => replaceAt(place, String(valueAt(place))),
  },
  asNumber: {
    group: 'shape',
    value: isTrue,
    samples: [true],
    at: { fits: isNumeral, without: 'all' },
    does: 'Texts of digits as numbers, phone numbers too; a text without digits stays.',
    apply(_draft: Draft, _value: true, place: Place) {
      const digits = String(valueAt(place)).replace(/\D/g, '').slice(-15)
      if (digits !== '') replaceAt(place, Number(digits))
    },
  },
  times: {
    group: 'shape',
    value: oneOf(...timeForms),
    samples: timeForms,
    at: { fits: isTime, without: 'all' },
    does: 'Times in another form: since 1970, without a zone, in another zone, as zero, not at all.',
    apply: (_draft: Draft, form: (typeof timeForms)[number], place: Place) =>
      replaceAt(place, rewriteTime(String(valueAt(place)), form)),
  },
  id: {
    group: 'damage',
    value: oneOf('number', 'ulid', 'prefixed', 'empty', 'other'),
    samples: ['number', 'ulid', 'prefixed', 'empty', 'other'],
    at: { fits: isId, without: 'all' },
    does: 'Ids of another form in the answer alone (`idForm` makes them so in the account as well).',
    apply: (_draft: Draft, form: keyof typeof otherIds, place: Place) => replaceAt(place, otherIds[form]),
  },
  unknownWord: {
    group: 'words',
    value: name,
    samples: ['processed', 'queued', 'error', 'invalid', 'skipped', 'ok', 'OK', 'créé', 'Success', 'duplicate'],
    at: { fits: isWord, without: 'all' },
    does: 'This word where the answer has a status.',
    apply: (_draft: Draft, value: string, place: Place) => replaceAt(place, value),
  },
} as const satisfies StepKinds

const otherIds = {
  number: 918_273_645,
  ulid: '01JDQ0Z8V7M3N5T9R2K4W6X8YB',
  prefixed: 'c_8f14e45fceea167a',
  empty: '',
  other: 'ffffffff-ffff-4fff-8fff-ffffffffffff',
}
