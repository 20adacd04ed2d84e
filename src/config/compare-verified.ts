import { settingsThatFollow } from '../providers/probing.ts'
import type { Path } from './mistakes.ts'
import type { AccountConfig } from './schema.ts'

/** The settings of an account that probes are about, by name. */
export function settingsOf(account: AccountConfig): Readonly<Record<string, unknown>> {
  const { settings, batchSize, settleAfterMs, isolateRejected, createLists } = account
  return { ...settings, batchSize, settleAfterMs, isolateRejected, createLists }
}

type Words = readonly [place: Path, words: string]

const longestDays = 180
const dayMs = 86_400_000

/** Where settings contradict what was settled. */
export function verifiedOtherwise(account: AccountConfig): readonly Words[] {
  const { id, adapter, verified } = account
  if (verified === undefined || adapter.probes === undefined) return []
  return settingsThatFollow(adapter.probes, verified.settled, settingsOf(account))
    .filter(({ fits }) => !fits)
    .map(({ probe, setting }) => [
      ['accounts', id, setting.name],
      `contradicts what ${probe} has seen: \`accounts verify\` says what to set`,
    ])
}

/** Where a report is of another place, or of a time long ago. */
export function verifiedElsewhere({ id, baseUrl, verified }: AccountConfig): readonly Words[] {
  const isElsewhere = verified !== undefined && verified.baseUrl !== baseUrl
  return isElsewhere
    ? [[['accounts', id, 'verified'], 'names a report of another base URL: verify the account again']]
    : []
}

export function verifiedLongAgo({ id, verified }: AccountConfig, now: number): readonly Words[] {
  const isOld = verified !== undefined && now - verified.at > longestDays * dayMs
  return isOld
    ? [[['accounts', id, 'verified'], `names a report older than ${longestDays} days: verify the account again`]]
    : []
}
