/** What an import waits for. `provider`: its answers. */
export const importWaits = ['place', 'pace', 'breaker', 'priority', 'again', 'provider'] as const
export type ImportWait = (typeof importWaits)[number]

/** What is counted of an import at one account. `calls`: attempts, by operation and result with a blank between. */
export type CountedImport = {
  readonly account: string
  readonly outcomes: Readonly<Record<string, number>>
  readonly calls: Readonly<Record<string, number>>
  readonly waitedMs: Readonly<Partial<Record<ImportWait, number>>>
}

/** `worst`: what held it up most, as far as that is worth a sentence. */
const words: Readonly<Record<ImportWait, (account: string, ms: string) => string>> = {
  place: (account, ms) => `its calls waited ${ms} for a place at ${account} (maxConcurrency)`,
  pace: (account, ms) => `its calls waited ${ms} for their turn in the pace of ${account} (requestsPerSecond)`,
  breaker: (account, ms) => `it waited ${ms} while ${account} was not called, since too many calls failed`,
  priority: (account, ms) => `its calls to ${account} gave way to requests for ${ms}`,
  again: (account, ms) => `it paused for ${ms} before ${account} was asked again`,
  provider: (account, ms) => `${account} took ${ms} to answer`,
}

/** Less than this nobody asks about. */
const worthTellingMs = 1_000
const mostFailures = 6

/** What held an import back most, then what failed where, for a person. */
export function explainImport(accounts: readonly CountedImport[]): readonly string[] {
  return [...heldBack(accounts), ...accounts.flatMap(failuresAt).slice(0, mostFailures)]
}

function heldBack(accounts: readonly CountedImport[]): readonly string[] {
  const waits = accounts.flatMap(({ account, waitedMs }) =>
    importWaits.map((what) => ({ account, what, ms: waitedMs[what] ?? 0 })),
  )
  const [worst] = waits.toSorted((one, other) => other.ms - one.ms)
  if (worst === undefined || worst.ms < worthTellingMs) return ['Nothing has held it back for a second.']
  const seconds = `${(Math.round(worst.ms / 100) / 10).toLocaleString('en')} s`
  return [`What held it back most: ${words[worst.what](worst.account, seconds)}, added up over all of its calls.`]
}

function failuresAt({ account, calls }: CountedImport): readonly string[] {
  return Object.entries(calls)
    .map(([call, count]) => [...call.split(' '), count] as unknown as [string, string, number])
    .filter(([, result]) => result !== 'ok')
    .sort(([, , one], [, , other]) => other - one)
    .map(
      ([operation, result, count]) =>
        `${count.toLocaleString('en')} of its calls to ${account} (${operation}) ended with ${result}.`,
    )
}
