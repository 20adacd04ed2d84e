/** The preferences of a `Prefer` header (RFC 7240) that the gateway knows; others are ignored, as the RFC says. */
export type Preferences = {
  /** Seconds that the caller is ready to wait. */
  readonly wait?: number
  readonly strict: boolean
  readonly minimal: boolean
  readonly respondAsync: boolean
}

const noPreferences: Preferences = Object.freeze({ strict: false, minimal: false, respondAsync: false })

/** Reads `Prefer`. The first one counts of a preference that is given twice. */
export function readPreferences(header: string | string[] | undefined): Preferences {
  if (header === undefined) return noPreferences
  const given = new Map<string, string>()
  for (const part of String(header).split(',')) {
    const [name = '', value = ''] = (part.split(';')[0] ?? '')
      .split('=')
      .map((word) => word.trim().replace(/^"(.*)"$/, '$1'))
    if (!given.has(name.toLowerCase())) given.set(name.toLowerCase(), value.toLowerCase())
  }
  const wait = given.get('wait')
  return {
    ...(wait !== undefined && /^\d{1,6}$/.test(wait) && { wait: Number(wait) }),
    strict: given.get('handling') === 'strict',
    minimal: given.get('return') === 'minimal',
    respondAsync: given.has('respond-async'),
  }
}

/** The value of `Preference-Applied`, or `undefined` when none was applied. */
export function appliedPreferences(
  preferences: Preferences,
  known: readonly (keyof Preferences)[],
): string | undefined {
  const applied = known.flatMap((name) => {
    if (name === 'wait') return preferences.wait === undefined ? [] : [`wait=${preferences.wait}`]
    return preferences[name] === true ? [words[name]] : []
  })
  return applied.length === 0 ? undefined : applied.join(', ')
}

const words = { strict: 'handling=strict', minimal: 'return=minimal', respondAsync: 'respond-async' } as const
