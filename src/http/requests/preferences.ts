/** The preferences of a `Prefer` header (RFC 7240) that its route follows; others are ignored, as the RFC says. */
export type Preferences = {
  /** Seconds that the caller is ready to wait. */
  readonly wait?: number
  readonly strict: boolean
  readonly minimal: boolean
  readonly respondAsync: boolean
  readonly explain: boolean
}
export type Preference = keyof Preferences

export const noPreferences: Preferences = Object.freeze({
  strict: false,
  minimal: false,
  respondAsync: false,
  explain: false,
})

/** Reads `Prefer`. The first one counts of a preference that is given twice. */
export function readPreferences(header: string, followed: readonly Preference[]): Preferences {
  const given = new Map<string, string>()
  for (const part of header.split(',')) {
    const [name = '', value = ''] = (part.split(';')[0] ?? '')
      .split('=')
      .map((word) => word.trim().replace(/^"(.*)"$/, '$1'))
    if (!given.has(name.toLowerCase())) given.set(name.toLowerCase(), value.toLowerCase())
  }
  const wait = followed.includes('wait') ? given.get('wait') : undefined
  return {
    ...(wait !== undefined && /^\d{1,6}$/.test(wait) && { wait: Number(wait) }),
    strict: followed.includes('strict') && given.get('handling') === 'strict',
    minimal: followed.includes('minimal') && given.get('return') === 'minimal',
    respondAsync: followed.includes('respondAsync') && given.has('respond-async'),
    explain: followed.includes('explain') && given.has('explain'),
  }
}

const words = {
  strict: 'handling=strict',
  minimal: 'return=minimal',
  respondAsync: 'respond-async',
  explain: 'explain',
} as const

/** The value of `Preference-Applied`, or `undefined` when there is none to follow. Nobody waits beyond the deadline. */
export function appliedPreferences({ wait, ...others }: Preferences, deadlineMs: number): string | undefined {
  const applied = [
    ...(wait === undefined ? [] : [`wait=${Math.min(wait, Math.ceil(deadlineMs / 1000))}`]),
    ...(Object.keys(words) as (keyof typeof words)[]).filter((name) => others[name]).map((name) => words[name]),
  ]
  return applied.length === 0 ? undefined : applied.join(', ')
}

const descriptions: Readonly<Record<Preference, string>> = {
  wait: '`wait=<seconds>`: a shorter deadline.',
  strict: '`handling=strict`: refuse whatever would lose something.',
  minimal: '`return=minimal`: leave out what went without a remark.',
  respondAsync: '`respond-async`: make an import of the batch.',
  explain: '`explain`: keep an explanation, for `GET /requests/{requestId}`, also where all goes well.',
}

/** Preferences as the document tells of them, in the order in which their route names them. */
export function describePreferences(followed: readonly Preference[]): string {
  return followed.map((name) => descriptions[name]).join(' ')
}
