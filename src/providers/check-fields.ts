import type { Contact } from '../domain/contact.ts'
import { displayName } from '../domain/contact.ts'
import { isLongerThan } from '../domain/contact-limits.ts'
import type { OutcomeError, Warning } from '../domain/outcome.ts'
import type { FieldRule, FieldRules, NameRule, TagsRule, WhatsappRule } from './fields.ts'
import { isDropped, keepsAttribute, requires, standsInForPhone, takesField } from './fields.ts'

/** What the rules say of one contact: the losses, and the first reason why the provider cannot take it at all. */
export type FieldCheck = { readonly warnings: readonly Warning[]; readonly error: OutcomeError | undefined }

const noWarnings: readonly Warning[] = []

/**
 * Checks a contact against the rules of a provider, which `title` names in the texts. `tidied`: the warnings of reading
 * the contact, which matter only for values that are sent.
 */
export function checkFields(
  rules: FieldRules,
  contact: Contact,
  title: string,
  tidied: readonly Warning[] = noWarnings,
): FieldCheck {
  const error = findRefusal(rules, contact, title)
  if (error !== undefined) return { warnings: tidied, error }
  const losses = lossesOf(rules, contact, title)
  if (tidied.length === 0) return { warnings: losses, error: undefined }
  const sent = tidied.filter(({ pointer }) => takesValue(rules, pointer, contact))
  return { warnings: [...sent, ...losses], error: undefined }
}

/** The first reason why the provider cannot take a contact at all. All that it looks at in the rules, `demandsOf` names. */
export function findRefusal(rules: FieldRules, contact: Contact, title: string): OutcomeError | undefined {
  return (
    missingField(rules, contact, title) ??
    overlongTag(rules, contact, title) ??
    overlongAttribute(rules, contact, title) ??
    overlongName(rules, contact, title)
  )
}

/** What decides whether a contact is taken: rules with the same text take the same contacts. */
export function demandsOf(rules: FieldRules): string {
  const { name, tags, attributes } = rules
  const limited = attributes.kind === 'mapped' && attributes.maxLength !== undefined
  return JSON.stringify([
    [requires(rules, 'email'), requires(rules, 'phone'), standsInForPhone(rules), requires(rules, 'name')],
    [name.maxLength, tags.kind === 'dropped' ? undefined : tags.maxLength],
    limited && [attributes.maxLength, ...Object.keys(attributes.as).sort()],
  ])
}

/** What a contact, or a part of one, loses at the provider. */
export function lossesOf(rules: FieldRules, contact: Contact, title: string): readonly Warning[] {
  const warnings: Warning[] = []
  nameLosses(rules.name, contact, title, warnings)
  fieldLosses('email', rules, contact, title, warnings)
  fieldLosses('phone', rules, contact, title, warnings)
  fieldLosses('whatsapp', rules, contact, title, warnings)
  tagLosses(rules.tags, contact, title, warnings)
  attributeLosses(rules, contact, title, warnings)
  return warnings.length === 0 ? noWarnings : warnings
}

/** Warnings that nearly every contact gets, made once for each rule. */
const made = new WeakMap<MadeOf, Warning>()
type MadeOf = NameRule | TagsRule | FieldRule | WhatsappRule

function remember(rule: MadeOf, warning: Warning): Warning {
  made.set(rule, warning)
  return warning
}

/** True when the value that a warning points at is sent to the provider at all. */
function takesValue(rules: FieldRules, pointer: string, contact: Contact): boolean {
  const [, field = '', name = ''] = pointer.split('/')
  if (field === 'email' || field === 'phone' || field === 'whatsapp') return takesField(rules, field, contact)
  if (field === 'tags') return !isDropped(rules, 'tags')
  if (field !== 'attributes') return true
  // An attribute under a reserved name may have the value of its field, which is sent: its warning stays.
  return rules.attributes.kind === 'sent' || keepsAttribute(rules, name)
}

function missingField(rules: FieldRules, contact: Contact, title: string): OutcomeError | undefined {
  if (requires(rules, 'email') && contact.email === undefined)
    return missing('email_required', '/email', `${title} requires an e-mail address.`)
  if (
    requires(rules, 'phone') &&
    contact.phone === undefined &&
    !(standsInForPhone(rules) && contact.whatsapp !== undefined)
  ) {
    return missing('phone_required', '/phone', `${title} requires a phone number.`)
  }
  if (requires(rules, 'name') && displayName(contact) === undefined) {
    return missing('name_required', '/name', `${title} requires a name.`)
  }
  return undefined
}

function missing(code: OutcomeError['code'], pointer: string, detail: string): OutcomeError {
  return { code, pointer, detail: `${detail} Add it to reach this account.`, retriable: false }
}

function tooLong(code: 'tag_too_long' | 'value_too_long', pointer: string, title: string, limit: number): OutcomeError {
  return { code, pointer, detail: `${title} takes at most ${limit} characters here. Shorten it.`, retriable: false }
}

function overlongTag({ tags }: FieldRules, contact: Contact, title: string): OutcomeError | undefined {
  const limit = tags.kind === 'dropped' ? undefined : tags.maxLength
  if (limit === undefined || contact.tags.length === 0) return undefined
  return firstOverlongTag(limit, contact, title)
}

function firstOverlongTag(limit: number, contact: Contact, title: string): OutcomeError | undefined {
  const index = contact.tags.findIndex((tag) => isLongerThan(tag, limit))
  return index < 0 ? undefined : tooLong('tag_too_long', `/tags/${index}`, title, limit)
}

function overlongAttribute({ attributes }: FieldRules, contact: Contact, title: string): OutcomeError | undefined {
  if (attributes.kind !== 'mapped' || attributes.maxLength === undefined) return undefined
  for (const key of Object.keys(attributes.as)) {
    const value = Object.hasOwn(contact.attributes, key) ? contact.attributes[key] : undefined
    if (value !== undefined && isLongerThan(String(value), attributes.maxLength)) {
      return tooLong('value_too_long', `/attributes/${key}`, title, attributes.maxLength)
    }
  }
  return undefined
}

function overlongName({ name }: FieldRules, contact: Contact, title: string): OutcomeError | undefined {
  if (name.maxLength === undefined || !isLongerThan(displayName(contact) ?? '', name.maxLength)) return undefined
  return tooLong('value_too_long', contact.name === undefined ? '/firstName' : '/name', title, name.maxLength)
}

/** With all three given, nothing is lost when the parts make up the name. */
function nameLosses(rule: NameRule, contact: Contact, title: string, warnings: Warning[]): void {
  const { name, firstName, lastName } = contact
  if (name === undefined) return
  const joined = displayName({ name: undefined, firstName, lastName })
  if (joined === undefined) {
    if (rule.form === 'parts') {
      warnings.push(made.get(rule) ?? remember(rule, nameNotSplit(rule, title)))
    }
  } else if (joined !== name) {
    const dropped =
      rule.form === 'parts'
        ? ['name']
        : ['firstName', 'lastName'].filter((part) => contact[part as 'firstName'] !== undefined)
    for (const field of dropped) warnings.push(fieldDropped(field, title))
  }
}

function nameNotSplit({ as }: NameRule, title: string): Warning {
  return { code: 'name_not_split', pointer: '/name', detail: `The whole name goes into ${title}'s ${as}.` }
}

function fieldLosses(
  field: 'email' | 'phone' | 'whatsapp',
  rules: FieldRules,
  contact: Contact,
  title: string,
  warnings: Warning[],
): void {
  if (contact[field] === undefined) return
  const rule = rules[field]
  if (!takesField(rules, field, contact)) {
    warnings.push(fieldDropped(field, title))
  } else if (rule.kind === 'sent' && rule.bestEffort !== undefined) {
    const { bestEffort } = rule
    warnings.push(made.get(rule) ?? remember(rule, { code: 'best_effort', pointer: `/${field}`, detail: bestEffort }))
  }
}

/** By title, and then by field: nearly every contact gets the same ones. */
const madeOfDropped = new Map<string, Record<string, Warning>>()

function fieldDropped(field: string, title: string): Warning {
  const made = madeOfDropped.get(title) ?? {}
  if (made[field] === undefined) madeOfDropped.set(title, made)
  made[field] ??= {
    code: 'field_dropped',
    pointer: `/${field}`,
    detail: `${title} has no place for it; it was not sent.`,
  }
  return made[field]
}

function tagLosses(rule: TagsRule, { tags }: Contact, title: string, warnings: Warning[]): void {
  if (rule.kind === 'dropped') {
    for (let i = 0; i < tags.length; i++)
      warnings.push({ code: 'tag_dropped', pointer: `/tags/${i}`, detail: `${title} takes no tags here.` })
  } else if (rule.severalBestEffort !== undefined && tags.length > 1) {
    const { severalBestEffort: detail } = rule
    warnings.push(made.get(rule) ?? remember(rule, { code: 'best_effort', pointer: '/tags', detail }))
  }
}

function attributeLosses(rules: FieldRules, contact: Contact, title: string, warnings: Warning[]): void {
  const { attributes: rule } = rules
  if (rule.kind === 'sent') {
    if (rule.reserved !== undefined) reservedLosses(rule.reserved, contact, title, warnings)
    return
  }
  const mend = rule.kind === 'mapped' ? " Map it in the list target's attributes." : ''
  for (const key in contact.attributes) {
    if (keepsAttribute(rules, key)) continue
    warnings.push(attributeDropped(key, `${title} has no place for it; it was not sent.${mend}`))
  }
}

/** An attribute whose value is that of the field is not lost. */
function reservedLosses(
  reserved: Readonly<Record<string, 'email'>>,
  contact: Contact,
  title: string,
  warnings: Warning[],
): void {
  for (const key in reserved) {
    const field = reserved[key] as 'email'
    if (!Object.hasOwn(contact.attributes, key) || contact.attributes[key] === contact[field]) continue
    const detail = `${title} keeps the contact's ${field} under this name; the attribute was not sent. Rename it, or give it as ${field}.`
    warnings.push(attributeDropped(key, detail))
  }
}

function attributeDropped(key: string, detail: string): Warning {
  return { code: 'attribute_dropped', pointer: `/attributes/${key}`, detail }
}
