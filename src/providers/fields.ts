import type { Contact } from '../domain/contact.ts'
import { displayName } from '../domain/contact.ts'
import { isLongerThan } from '../domain/contact-limits.ts'
import type { OutcomeError, Warning } from '../domain/outcome.ts'

/**
 * Which fields of a contact a provider takes, requires and drops, as data. Loss warnings, required-field errors, the
 * previews, `GET /lists` and the README's table are all made from it. `as` is the provider's own name of the field;
 * lengths are in Unicode code points, as everywhere.
 */
export type FieldRules = {
  readonly name: NameRule
  readonly email: FieldRule
  readonly phone: FieldRule
  readonly whatsapp: FieldRule
  readonly tags: Dropped | TagsRule
  readonly attributes:
    | Dropped
    /** `reserved`: names under which the provider keeps a field of the contact; such an attribute is not sent. */
    | { readonly as: string; readonly reserved?: Readonly<Record<string, 'email'>> }
    | { readonly only: Readonly<Record<string, string>>; readonly maxLength?: number }
}

export type Dropped = 'dropped'

export type TagsRule = {
  readonly as: string
  readonly maxLength?: number
  /** The provider may ignore all but one tag, or refuse several; the text says why. */
  readonly severalBestEffort?: string
}

export type FieldRule =
  | Dropped
  | {
      readonly as: string
      readonly required?: boolean
      /** The provider knows the contact by it: it cannot be changed. */
      readonly fixed?: boolean
      /** The provider may ignore it; the text says why. */
      readonly bestEffort?: string
    }
  /** Dropped, unless there is no phone: then it is the phone. */
  | { readonly standsInFor: 'phone' }

/** `one`: a single display name. `parts`: first and last name apart. */
export type NameRule = {
  readonly form: 'one' | 'parts'
  readonly as: string
  readonly required?: boolean
  readonly maxLength?: number
}

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
  const { name, email, phone, tags, attributes } = rules
  const limited = attributes !== 'dropped' && 'only' in attributes && attributes.maxLength !== undefined
  return JSON.stringify([
    [requires(email), requires(phone), standsInForPhone(rules), name.required === true],
    [name.maxLength, tags === 'dropped' ? undefined : tags.maxLength],
    limited && [attributes.maxLength, ...Object.keys(attributes.only).sort()],
  ])
}

/** True when the WhatsApp number is the phone of a contact that has none. */
export function standsInForPhone({ whatsapp }: FieldRules): boolean {
  return whatsapp !== 'dropped' && 'standsInFor' in whatsapp
}

/** What a contact, or a part of one, loses at the provider. */
export function lossesOf(rules: FieldRules, contact: Contact, title: string): readonly Warning[] {
  const warnings: Warning[] = []
  nameLosses(rules.name, contact, title, warnings)
  for (const field of ['email', 'phone', 'whatsapp'] as const)
    fieldLosses(field, rules[field], contact, title, warnings)
  if (rules.tags === 'dropped') {
    for (let i = 0; i < contact.tags.length; i++) {
      warnings.push({ code: 'tag_dropped', pointer: `/tags/${i}`, detail: `${title} takes no tags here.` })
    }
  }
  if (rules.tags !== 'dropped' && rules.tags.severalBestEffort !== undefined && contact.tags.length > 1) {
    const { severalBestEffort: detail } = rules.tags
    warnings.push(made.get(rules.tags) ?? remember(rules.tags, { code: 'best_effort', pointer: '/tags', detail }))
  }
  attributeLosses(rules.attributes, contact, title, warnings)
  return warnings.length === 0 ? noWarnings : warnings
}

/** Warnings that nearly every contact gets, made once for each rule. */
const made = new WeakMap<MadeOf, Warning>()
type MadeOf = NameRule | TagsRule | Exclude<FieldRule, Dropped>

function remember(rule: MadeOf, warning: Warning): Warning {
  made.set(rule, warning)
  return warning
}

/** True when this contact's field is sent to the provider at all. */
export function takesField(rules: FieldRules, field: 'email' | 'phone' | 'whatsapp', contact: Contact): boolean {
  const rule = rules[field]
  if (rule === 'dropped') return false
  return !('standsInFor' in rule) || contact[rule.standsInFor] === undefined
}

/** True when the value that a warning points at is sent to the provider at all. */
function takesValue(rules: FieldRules, pointer: string, contact: Contact): boolean {
  const [, field = '', name = ''] = pointer.split('/')
  if (field === 'email' || field === 'phone' || field === 'whatsapp') return takesField(rules, field, contact)
  if (field === 'tags') return rules.tags !== 'dropped'
  if (field !== 'attributes') return true
  return rules.attributes !== 'dropped' && (!('only' in rules.attributes) || Object.hasOwn(rules.attributes.only, name))
}

function missingField(rules: FieldRules, contact: Contact, title: string): OutcomeError | undefined {
  if (requires(rules.email) && contact.email === undefined)
    return missing('email_required', '/email', `${title} requires an e-mail address.`)
  if (
    requires(rules.phone) &&
    contact.phone === undefined &&
    !(standsInForPhone(rules) && contact.whatsapp !== undefined)
  ) {
    return missing('phone_required', '/phone', `${title} requires a phone number.`)
  }
  if (rules.name.required === true && displayName(contact) === undefined) {
    return missing('name_required', '/name', `${title} requires a name.`)
  }
  return undefined
}

function requires(rule: FieldRule): boolean {
  return rule !== 'dropped' && 'required' in rule && rule.required === true
}

function missing(code: OutcomeError['code'], pointer: string, detail: string): OutcomeError {
  return { code, pointer, detail: `${detail} Add it to reach this account.`, retriable: false }
}

function tooLong(code: 'tag_too_long' | 'value_too_long', pointer: string, title: string, limit: number): OutcomeError {
  return { code, pointer, detail: `${title} takes at most ${limit} characters here. Shorten it.`, retriable: false }
}

function overlongTag({ tags }: FieldRules, contact: Contact, title: string): OutcomeError | undefined {
  const limit = tags === 'dropped' ? undefined : tags.maxLength
  if (limit === undefined) return undefined
  const index = contact.tags.findIndex((tag) => isLongerThan(tag, limit))
  return index < 0 ? undefined : tooLong('tag_too_long', `/tags/${index}`, title, limit)
}

function overlongAttribute({ attributes }: FieldRules, contact: Contact, title: string): OutcomeError | undefined {
  if (attributes === 'dropped' || !('only' in attributes) || attributes.maxLength === undefined) return undefined
  for (const key of Object.keys(attributes.only)) {
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
  rule: FieldRule,
  contact: Contact,
  title: string,
  warnings: Warning[],
): void {
  if (contact[field] === undefined) return
  if (rule === 'dropped' || ('standsInFor' in rule && contact[rule.standsInFor] !== undefined)) {
    warnings.push(fieldDropped(field, title))
  } else if ('bestEffort' in rule && rule.bestEffort !== undefined) {
    const { bestEffort } = rule
    warnings.push(made.get(rule) ?? remember(rule, { code: 'best_effort', pointer: `/${field}`, detail: bestEffort }))
  }
}

function fieldDropped(field: string, title: string): Warning {
  return { code: 'field_dropped', pointer: `/${field}`, detail: `${title} has no place for it; it was not sent.` }
}

function attributeLosses(rule: FieldRules['attributes'], contact: Contact, title: string, warnings: Warning[]): void {
  if (rule !== 'dropped' && !('only' in rule)) {
    for (const [key, field] of Object.entries(rule.reserved ?? {})) {
      if (!Object.hasOwn(contact.attributes, key) || contact.attributes[key] === contact[field]) continue
      const detail = `${title} keeps the contact's ${field} under this name; the attribute was not sent. Rename it, or give it as ${field}.`
      warnings.push({ code: 'attribute_dropped', pointer: `/attributes/${key}`, detail })
    }
    return
  }
  for (const key in contact.attributes) {
    if (rule !== 'dropped' && Object.hasOwn(rule.only, key)) continue
    const mend = rule === 'dropped' ? '' : " Map it in the list target's attributes."
    warnings.push({
      code: 'attribute_dropped',
      pointer: `/attributes/${key}`,
      detail: `${title} has no place for it; it was not sent.${mend}`,
    })
  }
}
