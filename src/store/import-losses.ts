import type { ChunkResult, CodeCounts, ImportState } from '../services/import-store-port.ts'

/** What a code is counted for: words that stores keep. */
export type LossKind = 'lost' | 'skipped' | 'call' | 'waited'

const lossKinds: ReadonlySet<string> = new Set<LossKind>(['lost', 'skipped', 'call', 'waited'])

export function isLossKind(word: string | undefined): word is LossKind {
  return word !== undefined && lossKinds.has(word)
}

/** How often a code was warned of at one account, for rows that were skipped or for the others; calls, and what they waited for. */
export type CountedCode = { readonly kind: LossKind; readonly code: string; readonly count: number }

/** What a chunk adds, checked to be numbers. */
export function countedCodes({ losses, skippedBecause, calls, waitedMs }: ChunkResult): readonly CountedCode[] {
  return [
    ...countsOf('lost', losses),
    ...countsOf('skipped', skippedBecause),
    ...countsOf('call', calls),
    ...countsOf('waited', waitedMs),
  ]
}

function countsOf(kind: LossKind, counts: CodeCounts | ChunkResult['waitedMs']): readonly CountedCode[] {
  return Object.entries(counts).flatMap(([code, count]) => {
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`${count} cannot be counted of ${code}`)
    return count === 0 ? [] : [{ kind, code, count }]
  })
}

type KeptCode = CountedCode & { readonly accountNumber: number }

/** The losses and calls of an import out of what is kept of them, in any order. */
export function importLosses(
  accounts: readonly string[],
  kept: Iterable<KeptCode>,
): Pick<ImportState, 'losses' | 'skippedBecause' | 'calls' | 'waitedMs'> {
  const byKind = Map.groupBy(kept, ({ kind }) => kind)
  return {
    losses: byAccount(accounts, byKind.get('lost') ?? []),
    skippedBecause: byAccount(accounts, byKind.get('skipped') ?? []),
    calls: byAccount(accounts, byKind.get('call') ?? []),
    waitedMs: byAccount(accounts, byKind.get('waited') ?? []),
  }
}

/** Accounts in the order of the list, codes in that of the alphabet. */
function byAccount(accounts: readonly string[], kept: readonly KeptCode[]): Readonly<Record<string, CodeCounts>> {
  const byNumber = Map.groupBy(kept, ({ accountNumber }) => accountNumber)
  return Object.fromEntries(
    accounts.flatMap((account, number) => {
      const codes = byNumber.get(number)?.map(({ code, count }) => [code, count] as const)
      return codes === undefined ? [] : [[account, Object.fromEntries(codes.sort())]]
    }),
  )
}
