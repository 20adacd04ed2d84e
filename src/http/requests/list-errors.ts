import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

export type SchemaError = {
  readonly keyword: string
  readonly instancePath: string
  readonly params: object
  readonly message: string
}

/** Of so many items of a list that are wrong the errors are listed; more than there are shown in an answer. */
const mostWrongItems = 120
/** A few too many are listed beside what else is wrong: each member that is not known is told what was probably meant. */
const few = 50

/**
 * Makes what tells the errors of a value that a schema refuses. TypeBox looks at all of a value for that, at a hundred times
 * the cost of the refusal: so where there is far too much of something, that alone is told, and of a list its wrong items.
 */
export function errorLister(schema: TSchema): (value: unknown) => SchemaError[] {
  const validator = Compile(schema)
  const lists = listsIn(schema)
  return (value) => {
    const excess: SchemaError[] = []
    findExcess(schema, value, '', excess)
    if (excess.length > 0) return excess
    const { shorter, places } = withWrongItems(value, lists)
    const errors = validator.Errors(shorter) as unknown as SchemaError[]
    return places.size === 0 ? errors : errors.map((error) => ({ ...error, instancePath: inWhole(error, places) }))
  }
}

type View = {
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly patternProperties?: Readonly<Record<string, TSchema>>
  readonly additionalProperties?: unknown
  readonly maxProperties?: number
  readonly items?: TSchema
  readonly maxItems?: number
  readonly anyOf?: readonly TSchema[]
}

/** Notes the lists and objects that have far more than they may, and does not look into them. */
function findExcess(schema: TSchema, value: unknown, path: string, found: SchemaError[]): void {
  if (typeof value !== 'object' || value === null || found.length >= mostWrongItems) return
  const { properties = {}, patternProperties, additionalProperties, items, anyOf, ...most } = schema as View
  const note = (keyword: string, limit: number) =>
    found.push({ keyword, instancePath: path, params: { limit }, message: `must not have more than ${limit}` })
  if (anyOf !== undefined) {
    const same = anyOf.find((one) => 'items' in one === Array.isArray(value) && !('const' in one))
    if (same !== undefined) findExcess(same, value, path, found)
  } else if (Array.isArray(value)) {
    const { maxItems = Number.POSITIVE_INFINITY } = most
    if (value.length > maxItems + (isObject(items) ? 0 : few)) note('maxItems', maxItems)
    else if (items !== undefined)
      value.forEach((item, at) => {
        findExcess(items, item, `${path}/${at}`, found)
      })
  } else {
    const known = Object.keys(properties)
    const isClosed = additionalProperties === false && patternProperties === undefined
    const { maxProperties = isClosed ? known.length : Number.POSITIVE_INFINITY } = most
    const members = value as Record<string, unknown>
    if (Object.keys(members).length > maxProperties + few) note('maxProperties', maxProperties)
    else for (const name of known) findExcess(properties[name] as TSchema, members[name], `${path}/${name}`, found)
  }
}

function isObject(schema: TSchema | undefined): schema is TSchema {
  return schema !== undefined && 'properties' in schema
}

type List = { readonly name: string; readonly check: (item: unknown) => boolean }

/** The members of an object that are lists of objects. */
function listsIn(schema: TSchema): readonly List[] {
  return Object.entries((schema as View).properties ?? {}).flatMap(([name, { items }]: [string, View]) => {
    if (!isObject(items)) return []
    const validator = Compile(items)
    return [{ name, check: (item) => validator.Check(item) }]
  })
}

/** The value with the first wrong items alone in its lists, or one that is right where none is wrong, and where they stood. */
function withWrongItems(value: unknown, lists: readonly List[]) {
  const places = new Map<string, readonly number[]>()
  if (lists.length === 0 || typeof value !== 'object' || value === null || Array.isArray(value))
    return { shorter: value, places }
  const shorter: Record<string, unknown> = { ...value }
  for (const { name, check } of lists) {
    const items = shorter[name]
    if (!Array.isArray(items) || items.length <= 1) continue
    const wrong: number[] = []
    for (let at = 0; at < items.length && wrong.length < mostWrongItems; at++) if (!check(items[at])) wrong.push(at)
    const shown = wrong.length > 0 ? wrong : [0]
    places.set(name, shown)
    shorter[name] = shown.map((at) => items[at])
  }
  return { shorter, places }
}

/** The place of an error in the value that came. */
function inWhole({ instancePath }: SchemaError, places: ReadonlyMap<string, readonly number[]>): string {
  const [, name = '', index = '', ...rest] = instancePath.split('/')
  const at = places.get(name)?.[Number(index)]
  return at === undefined || index === '' ? instancePath : ['', name, at, ...rest].join('/')
}
