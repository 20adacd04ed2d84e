import { plantedTexts } from '../../src/simulators/planted-person.ts'
import type { RunningSimulators } from '../../src/simulators/start.ts'
import { type CellPlace, city, type Heard, isAdding, newName, newSeat, reads } from './answer-cells.ts'
import type { TestContact } from './contact-source.ts'
import type { Provider } from './start-fleet.ts'
import type { Answer } from './start-gateway.ts'

/** A contact as its provider has it in the end. */
type Held = {
  readonly id?: string
  readonly phone: string
  readonly name: string
  readonly tags?: readonly string[]
  readonly attributes?: Readonly<Record<string, unknown>>
  isOn(list: string): boolean
  readonly sends: number
}
export type Stock = (provider: Provider, contact: TestContact) => Held | undefined

/** What all three have. */
export function takeStockOf({ oblic, octopush, vobiz }: RunningSimulators): Stock {
  const held = new Map<string, Held>()
  for (const { email, name, phone = '', sends } of oblic.contacts())
    held.set(`oblic ${email}`, { phone, name, isOn: () => true, sends })
  for (const { phone_number: phone, first_name: first, last_name: last, lists, sends } of octopush.contacts())
    held.set(`octopush ${phone}`, {
      phone,
      name: `${first} ${last ?? ''}`.trim(),
      isOn: (list) => lists.includes(list),
      sends,
    })
  for (const { id, phone_number: phone, name, tags, custom_attributes: attributes } of vobiz.contacts())
    held.set(`vobiz ${phone}`, { id, phone, name, tags, attributes, isOn: (list) => tags.includes(list), sends: 1 })
  return (provider, { email, phone }) => held.get(`${provider} ${provider === 'oblic' ? email : phone}`)
}

/** What the provider has of the cell in the end, in a word. */
export function stateOf(cell: CellPlace, stock: Stock): string {
  const states = cell.contacts.map((contact) => stateOfOne(cell, stock(cell.provider, contact)))
  return [...new Set(states)].join('+')
}

function stateOfOne({ operation, id }: CellPlace, held: Held | undefined): string {
  if (held === undefined) return 'none'
  if (operation === 'merge' && held.attributes?.city !== city) return 'lost'
  if (operation === 'merge') return held.attributes?.seat === newSeat ? 'changed' : 'as it was'
  if (operation === 'patch') return held.name === `${newName.firstName} ${newName.lastName}` ? 'changed' : 'as it was'
  return operation === 'create' || held.isOn(id) ? 'there' : 'off the list'
}

/**
 * In what states the provider may be in the end: what it was asked for is done where it was asked, and else nothing is.
 * Where a reading differs, that depends on what was heard.
 */
export function endsOf(
  { operation }: CellPlace,
  { words: [word] }: Heard,
  { passesOn, believes }: { readonly passesOn: boolean; readonly believes: boolean },
): readonly string[] {
  const isUndone = word === 'failed' || word === 'not-found'
  switch (operation) {
    case 'settle':
    case 'get':
    case 'list':
      return ['there']
    case 'patch':
      return [passesOn ? 'changed' : 'as it was']
    case 'merge':
      return [
        isUndone ? 'as it was' : 'changed',
        ...(word === 'unknown' ? ['as it was'] : []),
        ...(believes ? ['lost'] : []),
      ]
    case 'delete':
      return [passesOn ? 'none' : 'there']
    case 'remove':
      return [passesOn ? 'off the list' : 'there']
    case 'leave':
      return [isUndone ? 'there' : 'off the list', ...(word === 'unknown' ? ['there'] : [])]
    default:
      return [passesOn ? 'there' : 'none']
  }
}

/**
 * What was said, and is not so; empty where all that was said is true. `believes`: the provider said in its own form what
 * is not so, and of what was read from it nobody could know better.
 */
export function liesIn(
  cell: CellPlace,
  heard: Heard,
  stock: Stock,
  { believes }: { readonly believes: boolean },
): string[] {
  const held = cell.contacts.map((contact) => stock(cell.provider, contact))
  const text = heard.text.toLowerCase()
  const leaks = plantedTexts.filter((planted) => text.includes(planted)).map((planted) => `shows ${planted}`)
  const twice = held.filter((one) => cell.provider === 'oblic' && (one?.sends ?? 0) > 1).map(() => 'sent twice')
  return [...leaks, ...twice, ...liesOf(cell, heard, held, stateOf(cell, stock), believes)]
}

function liesOf(
  cell: CellPlace,
  heard: Heard,
  held: readonly (Held | undefined)[],
  state: string,
  believes: boolean,
): string[] {
  const { operation, id } = cell
  const [word = ''] = heard.words
  const [one] = held
  if (isAdding(operation)) return heard.words.flatMap((said, index) => liesOfAdding(said, held[index], cell))
  if (believes && (reads(operation) || operation === 'patch')) return []
  if (operation === 'list') return liesInPages(heard, held, id)
  const isShown = isOf(heard.items?.[0], one)
  const isUnchanged = state === 'there' || state === 'as it was'
  const isTrue: Readonly<Record<string, boolean>> = {
    shown: isShown,
    changed: state === 'changed' && isShown,
    gone: operation === 'delete' ? one === undefined : one?.isOn(id) === false,
    'not-found': operation === 'remove' || operation === 'leave' ? one?.isOn(id) !== true : one === undefined,
    unknown: true,
    failed: isUnchanged,
    rejected: isUnchanged,
  }
  return isTrue[word] === true ? [] : [`${word}, and ${state}`]
}

/** `skipped`: somebody is there, and stays as she is. */
function liesOfAdding(said: string, held: Held | undefined, { operation, id }: CellPlace): string[] {
  const isThere = held !== undefined && (operation === 'create' || held.isOn(id))
  const isTrue: Readonly<Record<string, boolean>> = {
    created: isThere,
    updated: isThere,
    accepted: isThere,
    skipped: held !== undefined,
    unknown: true,
    failed: held === undefined,
    rejected: held === undefined,
  }
  return isTrue[said] === true ? [] : [`${said}, and ${held === undefined ? 'not ' : ''}there`]
}

function liesInPages(
  { words: [word], items = [] }: Heard,
  held: readonly (Held | undefined)[],
  list: string,
): string[] {
  const strangers = items.filter((item) => !held.some((one) => one?.isOn(list) && isOf(item, one))).length
  const missing = held.filter((one) => one?.isOn(list) && !items.some((item) => isOf(item, one))).length
  return [
    ...(strangers > 0 ? [`shows ${strangers} who are not on it`] : []),
    ...(word === 'whole' && missing > 0 ? [`whole, and lacks ${missing}`] : []),
  ]
}

/** Is that what the provider has? What is not shown is not said. */
function isOf(shown: Answer['body'], held: Held | undefined): boolean {
  if (held === undefined || shown === undefined) return false
  const { id, name, firstName, lastName, phone, tags, attributes } = shown
  const fullName = firstName === undefined ? name : `${firstName} ${lastName}`
  return (
    (held.id === undefined || id === undefined || id.endsWith(`:${held.id}`)) &&
    (fullName === undefined || fullName === held.name) &&
    (phone === undefined || held.phone.endsWith(phone.replace(/^0|\D/g, ''))) &&
    (held.attributes === undefined || attributes === undefined || attributes.city === held.attributes.city) &&
    (held.tags === undefined || tags === undefined || isSameSet(tags, held.tags))
  )
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((tag) => other.includes(tag))
}
