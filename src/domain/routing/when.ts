/** Fields that a contact can be asked to have; `name` is there with any part of it. */
export const askedFields = ['email', 'phone', 'whatsapp', 'name'] as const
export type AskedField = (typeof askedFields)[number]

/** ISO 3166 alpha-2 codes of which a number has to be, or must not be. */
export type Countries = readonly string[] | { readonly not: readonly string[] }

/** Which contacts a target of a list is for, as it is configured. All that is given must hold. */
export type When = {
  readonly has?: readonly AskedField[]
  /** Compared as they are written. */
  readonly tags?: {
    readonly any?: readonly string[]
    readonly all?: readonly string[]
    readonly none?: readonly string[]
  }
  /** By name: the values, as texts, one of which the attribute has to have. */
  readonly attributes?: Readonly<Record<string, readonly string[]>>
  readonly phone?: { readonly countries: Countries }
  readonly whatsapp?: { readonly countries: Countries }
}

export function isListOfCountries(countries: Countries): countries is readonly string[] {
  return Array.isArray(countries)
}
