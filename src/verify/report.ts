import {
  type Following,
  type ProbeSet,
  recommended,
  type Setting,
  settingsThatFollow,
  type Unseen,
} from '../providers/probing.ts'
import type { CallRecord } from './make-calls.ts'
import { noticedSeconds } from './read-clock.ts'
import type { Run } from './run-verification.ts'

/** What a report is about. */
export type Verified = {
  readonly account: string
  readonly provider: string
  readonly title: string
  readonly baseUrl: string
  readonly set: ProbeSet
  /** The account's settings, by name. */
  readonly configured: Readonly<Record<string, unknown>>
}

export type Verdict = 'as assumed' | 'otherwise' | 'not settled'

export type ReportedProbe = {
  readonly id: string
  readonly question: string
  readonly verdict: Verdict
  readonly seen?: string
  readonly says?: string
}

export type ReportedSetting = {
  readonly name: string
  readonly value: string | number | boolean
  /** Whether `value` is the least that will do. */
  readonly atLeast?: true
  readonly because: string
  readonly verdict: 'as configured' | 'contradicts the configuration'
}

/** What a run has shown, as data: no secret, no address, no text of the provider's. */
export type Report = {
  readonly format: 1
  readonly account: string
  readonly provider: string
  readonly baseUrl: string
  /** RFC 3339, UTC. */
  readonly at: string
  /** The adapter is a part of the gateway, and has its version. */
  readonly gateway: { readonly version: string; readonly revision: string }
  readonly adapter: { readonly id: string; readonly version: string }
  readonly wrote: boolean
  readonly probes: readonly ReportedProbe[]
  readonly settings: readonly ReportedSetting[]
  readonly notes: readonly string[]
  readonly unseen: readonly Unseen[]
  readonly calls: readonly CallRecord[]
}

type Circumstances = {
  readonly at: number
  readonly build: { readonly version: string; readonly revision: string }
  /** What else a reader should know. */
  readonly notes: readonly string[]
}

export function makeReport(verified: Verified, run: Run, { at, build, notes }: Circumstances): Report {
  const { set, account, provider, baseUrl, configured } = verified
  const seen = new Map(run.settled.map((one) => [one.id, one.seen]))
  return {
    format: 1,
    account,
    provider,
    baseUrl,
    at: new Date(at).toISOString(),
    gateway: { version: build.version, revision: build.revision },
    adapter: { id: provider, version: build.version },
    wrote: run.wrote,
    probes: set.probes.map(({ id, question, answers, assumes }): ReportedProbe => {
      const word = seen.get(id)
      if (word === undefined) return { id, question, verdict: 'not settled' }
      return {
        id,
        question,
        verdict: assumes.includes(word) ? 'as assumed' : 'otherwise',
        seen: word,
        says: answers[word] ?? '',
      }
    }),
    settings: settingsThatFollow(set, run.settled, configured).map(toReported),
    notes: [...notesOf(verified, run), ...notes],
    unseen: set.unseen,
    calls: run.calls,
  }
}

function toReported({ probe, setting, fits }: Following): ReportedSetting {
  return {
    name: setting.name,
    value: recommended(setting),
    ...(isLeast(setting) && { atLeast: true }),
    because: probe,
    verdict: fits ? 'as configured' : 'contradicts the configuration',
  }
}

const isLeast = (setting: Setting): boolean => 'atLeast' in setting

function notesOf(
  { title, baseUrl, set }: Verified,
  { clock, announced, stop, left, settled, wrote }: Run,
): readonly string[] {
  const skew = clock?.seconds
  return [
    ...(stop === undefined ? [] : [`The run ended early. ${stop.says}`]),
    ...(stop === undefined && settled.every(({ seen }) => seen === undefined)
      ? ['No answer was one of the provider’s. Check baseUrl.']
      : []),
    ...(left === undefined ? [] : [left]),
    ...(wrote && set.caution !== undefined ? [set.caution] : []),
    ...(baseUrl.startsWith('https:') ? [] : ['The connection was not encrypted.']),
    ...(skew !== undefined && Math.abs(skew) > noticedSeconds
      ? [`The clock of ${title} is ${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} this machine’s.`]
      : []),
    ...announced.map((name) => `Answers carry the header ${name}: a change of the interface is announced.`),
  ]
}

/** 0; 1: a setting contradicts what was seen; 2: it could not be done, settled nothing, or was not tidied up. */
export function exitCodeOf({ stop, left, settled }: Run, { settings }: Pick<Report, 'settings'>): 0 | 1 | 2 {
  if (stop !== undefined || left !== undefined || settled.every(({ seen }) => seen === undefined)) return 2
  return settings.every(({ verdict }) => verdict === 'as configured') ? 0 : 1
}
