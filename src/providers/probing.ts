import type { ProviderRequest, ProviderResponse } from './provider-messages.ts'

/**
 * How an account is verified, as data and pure functions: calls in a fixed order, and questions that their answers settle.
 * An adapter has one `ProbeSet`, beside the operations that it is about.
 */

/** Who a run may write to, and nobody else; given by the person who runs it. */
export type TestPeople = {
  /** E.164, with +. */
  readonly phones: readonly string[]
  readonly emails: readonly string[]
  /** A number that the provider has on its blacklist. */
  readonly optedOut?: string
  /** The provider's name of a list that was made by hand for this. */
  readonly list?: string
  /** Whether large batches may be sent. */
  readonly sizes: boolean
  /** Stands in all that a run makes: `cgw-verify-` and the day. */
  readonly mark: string
  /** Keys of contacts that earlier steps, or an interrupted run, have made. */
  readonly made: readonly string[]
  /** Steps by which these have written, whatever came of it. */
  readonly written: readonly string[]
}

/** What is known so far. A step that was not made, or had no whole answer, has none. */
export type Said = TestPeople & {
  answer(step: string): ProviderResponse | undefined
  /** Whether the step was made, with or without an answer. */
  wasAsked(step: string): boolean
}

/** `other-case`: the names of the headers with credentials in the other case than the documents write. */
export type Credentials = 'own' | 'other-case' | 'wrong' | 'none'

/** One call. */
export type Step = {
  readonly id: string
  /** What it is for, on one line, without anybody's data. */
  readonly does: string
  /** It writes, or looks at what was written: it is made only where the person says so. */
  readonly writes?: true
  /** Absent: `own`. */
  readonly as?: Credentials
  /** It is made so long after that step was answered, at the earliest. */
  readonly wait?: { readonly after: string; readonly ms: number }
  /** `undefined`: what it needs is not known, or it is not needed; it is passed over. */
  request(said: Said): ProviderRequest | undefined
  /** What the documents, or our assumptions, say that comes: a run without writes goes on from it. */
  readonly expects?: (said: Said) => Pick<ProviderResponse, 'status' | 'body'>
  /** Keys of contacts that this answer shows to be made. */
  made?(response: ProviderResponse, said: Said): readonly string[]
  /** Why nothing more may be written, read once it is answered; a sentence. */
  objection?(said: Said): string | undefined
}

/** A setting of an account that follows from what was seen. */
export type Setting =
  | { readonly name: string; readonly oneOf: readonly (string | number | boolean)[] }
  | { readonly name: string; readonly atLeast: number }

/** A question that the provider's documents leave open, or answer in two ways. */
export type Probe = {
  /** Begins with the first three letters of the provider's id, upper case. */
  readonly id: string
  readonly question: string
  /** What may be seen, each a word, and what it means, in a sentence that shows nobody's data. */
  readonly answers: Readonly<Record<string, string>>
  /** The words that the adapter is built for; any other may need a setting, or a look. */
  readonly assumes: readonly string[]
  readonly settings?: Readonly<Record<string, Setting>>
  /** A word of `answers`; `undefined`: nothing is settled. */
  read(said: Said): string | undefined
}

/** An open question that no call settles. */
export type Unseen = { readonly id: string; readonly question: string; readonly why: string }

/** A settled word that ordinary answers show again. `read`: the word that this answer shows; `undefined`: none. */
export type Watched = {
  readonly probe: string
  readonly operations: readonly string[]
  read(response: ProviderResponse): string | undefined
}

export type ProbeSet = {
  /** What has to be given before anything is written. */
  readonly needs: {
    readonly phones: number
    readonly emails: number
    /** It has no call that makes a list, or that deletes: both are the person's to do. */
    readonly byHand?: true
  }
  /** What a person should know before anything is written. */
  readonly caution?: string
  readonly steps: readonly Step[]
  /** What is still to be called so that nothing is left; asked again until there is nothing new. */
  cleanUp(said: Said): readonly Step[]
  /** What may be left all the same; `undefined`: nothing. */
  left(said: Said): string | undefined
  readonly probes: readonly Probe[]
  readonly unseen: readonly Unseen[]
  readonly watched: readonly Watched[]
}

/** The status of an answer, where there is one. */
export function statusOf(said: Said, step: string): number | undefined {
  return said.answer(step)?.status
}

/** A mark for the compiler alone: without it whatever is no success would be no answer either. */
declare const fine: unique symbol
type Fine = ProviderResponse & { readonly [fine]: true }

/** True for a 2xx. */
export function isFine(response: ProviderResponse | undefined): response is Fine {
  return response !== undefined && response.status >= 200 && response.status < 300
}

/** `seen`: the word that was settled; absent: none was. */
export type Settled = { readonly id: string; readonly seen?: string }

/** A setting that follows from what was seen, and whether the account has it. */
export type Following = { readonly probe: string; readonly setting: Setting; readonly fits: boolean }

/** `configured`: the settings of the account, its adapter's and those of all accounts. */
export function settingsThatFollow(
  { probes }: Pick<ProbeSet, 'probes'>,
  settled: readonly Settled[],
  configured: Readonly<Record<string, unknown>>,
): readonly Following[] {
  const seen = new Map(settled.map((one) => [one.id, one.seen]))
  return probes.flatMap(({ id, settings = {} }): readonly Following[] => {
    const word = seen.get(id)
    const setting = word !== undefined && Object.hasOwn(settings, word) ? settings[word] : undefined
    return setting === undefined ? [] : [{ probe: id, setting, fits: fits(setting, configured[setting.name]) }]
  })
}

function fits(setting: Setting, value: unknown): boolean {
  if ('atLeast' in setting) return typeof value === 'number' && value >= setting.atLeast
  return setting.oneOf.some((one) => one === value)
}

/** What to write into the configuration. */
export function recommended(setting: Setting): string | number | boolean {
  return 'atLeast' in setting ? setting.atLeast : (setting.oneOf[0] as string | number | boolean)
}
