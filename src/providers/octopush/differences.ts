import type { Contact } from '../../domain/contact.ts'
import type { Warning } from '../../domain/outcome.ts'
import { isSameText } from '../../domain/same-text.ts'
import type { ItemResult } from '../adapter-port.ts'
import { type Batch, toOctopushContact } from './translate.ts'
import type { Item } from './wire.ts'

const written: ReadonlySet<string> = new Set(['created', 'updated', 'accepted'])

/**
 * Adds what an item shows otherwise than it was sent. The e-mail is documented in it; whatever else it shows under the name
 * by which it was sent is the same thing.
 */
export function withDifferences(result: ItemResult, item: Item, contact: Contact, batch: Batch): ItemResult {
  if (!written.has(result.status)) return result
  const { target, settings } = batch
  const shown = item as Readonly<Record<string, unknown>>
  let sent: Readonly<Record<string, unknown>> | undefined
  const changed: string[] = []
  for (const name in shown) {
    const other = shown[name]
    if (name === 'phone_number' || name === 'status' || !isText(other)) continue
    sent ??= toOctopushContact(contact, target?.attributes, settings.sendEmail)
    const value = Object.hasOwn(sent, name) ? sent[name] : undefined
    if (isText(value) && !isSameText(value, other)) changed.push(name)
  }
  if (changed.length === 0) return result
  const warnings = changed.map((name) => changedByProvider(pointerOf(name, contact, target?.attributes)))
  return { ...result, warnings: [...(result.warnings ?? []), ...warnings] }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function pointerOf(name: string, { firstName, lastName }: Contact, attributes: object = {}): string {
  if (name === 'email') return '/email'
  if (name === 'last_name') return '/lastName'
  if (name === 'first_name') return firstName === undefined && lastName === undefined ? '/name' : '/firstName'
  const attribute = Object.entries(attributes).find(([, param]) => param === name)?.[0]
  return `/attributes/${attribute}`
}

function changedByProvider(pointer: string): Warning {
  const detail = 'Octopush shows another value than was sent. What it shows is what it has.'
  return { code: 'changed_by_provider', pointer, detail }
}
