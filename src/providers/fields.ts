import type { Contact } from '../domain/contact.ts'

/**
 * Which fields of a contact a provider takes, requires and drops, as data. Loss warnings, required-field errors, the
 * previews, `GET /lists` and the README's table are all made from it. Each rule says by its `kind` what becomes of the
 * field, and has the members of that kind alone. `as` is the provider's own name of the field; lengths are in Unicode code
 * points, as everywhere.
 */
export type FieldRules = {
  readonly name: NameRule
  readonly email: FieldRule
  readonly phone: FieldRule
  readonly whatsapp: WhatsappRule
  readonly tags: TagsRule
  readonly attributes: AttributesRule
}

/** `one`: a single display name. `parts`: first and last name apart. */
export type NameRule = {
  readonly form: 'one' | 'parts'
  readonly as: string
  readonly required?: boolean
  readonly maxLength?: number
}

/** The provider has no place for the field. */
export type Dropped = { readonly kind: 'dropped' }

export const dropped: Dropped = Object.freeze({ kind: 'dropped' })

type Sent = {
  readonly kind: 'sent'
  readonly as: string
  /** The provider may ignore it; the text says why. */
  readonly bestEffort?: string
}

export type FieldRule =
  | Dropped
  | (Sent & {
      readonly required?: boolean
      /** The provider knows the contact by it: it cannot be changed. */
      readonly fixed?: boolean
    })

/** `standsIn`: dropped, unless there is no phone: then it is the phone. */
export type WhatsappRule = Dropped | Sent | { readonly kind: 'standsIn'; readonly for: 'phone' }

export type TagsRule =
  | Dropped
  | {
      readonly kind: 'sent'
      readonly as: string
      readonly maxLength?: number
      /** The provider may ignore all but one tag, or refuse several; the text says why. */
      readonly severalBestEffort?: string
    }

export type AttributesRule =
  | Dropped
  /** `reserved`: names under which the provider keeps a field of the contact; such an attribute is not sent. */
  | { readonly kind: 'sent'; readonly as: string; readonly reserved?: Readonly<Record<string, 'email'>> }
  /** Only those that have a place at the provider are sent; `as` says which that is. */
  | { readonly kind: 'mapped'; readonly as: Readonly<Record<string, string>>; readonly maxLength?: number }

/** True when a contact without the field is not taken at all. */
export function requires(rules: FieldRules, field: 'name' | 'email' | 'phone'): boolean {
  if (field === 'name') return rules.name.required === true
  const rule = rules[field]
  return rule.kind === 'sent' && rule.required === true
}

/** True when the provider knows the contact by the field, so that it cannot be changed. */
export function isFixed(rules: FieldRules, field: 'email' | 'phone'): boolean {
  const rule = rules[field]
  return rule.kind === 'sent' && rule.fixed === true
}

/** True when the provider has no place for the field, whatever else is in the contact. */
export function isDropped(rules: FieldRules, field: Exclude<keyof FieldRules, 'name'>): boolean {
  return rules[field].kind === 'dropped'
}

/** True when this contact's field is sent to the provider at all. */
export function takesField(rules: FieldRules, field: 'email' | 'phone' | 'whatsapp', contact: Contact): boolean {
  const rule = rules[field]
  return rule.kind === 'standsIn' ? contact[rule.for] === undefined : rule.kind === 'sent'
}

/** True when an attribute of this name is sent to the provider as an attribute. */
export function keepsAttribute({ attributes: rule }: FieldRules, name: string): boolean {
  if (rule.kind === 'mapped') return Object.hasOwn(rule.as, name)
  return rule.kind === 'sent' && (rule.reserved === undefined || !Object.hasOwn(rule.reserved, name))
}

/** True when the WhatsApp number is the phone of a contact that has none. */
export function standsInForPhone({ whatsapp }: FieldRules): boolean {
  return whatsapp.kind === 'standsIn'
}

/** True when a field of the contact is kept among the attributes, so that attributes that are shown would show it. */
export function keepsAmongAttributes({ attributes: rule }: FieldRules): boolean {
  return rule.kind === 'sent' && rule.reserved !== undefined
}
