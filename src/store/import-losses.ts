import type { ChunkResult, CodeCounts, ImportState } from '../services/import-store-port.ts'

/** What a code is counted for: words that stores keep. */
export type LossKind = 'lost' | 'skipped'

/** How often a code was warned of at one account, for rows that were skipped or for the others. */
export type CountedCode = { readonly kind: LossKind; readonly code: string; readonly count: number }

/** What a chunk adds, checked to be numbers of warnings. */
export function countedCodes({ losses, skippedBecause }: ChunkResult): readonly CountedCode[] {
  return [...countsOf('lost', losses), ...countsOf('skipped', skippedBecause)]
}

function countsOf(kind: LossKind, counts: CodeCounts): readonly CountedCode[] {
  return Object.entries(counts).flatMap(([code, count]) => {
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`${count} warnings cannot be ${code}`)
    return count === 0 ? [] : [{ kind, code, count }]
  })
}

type KeptCode = CountedCode & { readonly accountNumber: number }

/** The losses of an import out of what is kept of them, in any order. */
export function importLosses(
  accounts: readonly string[],
  kept: Iterable<KeptCode>,
): Pick<ImportState, 'losses' | 'skippedBecause'> {
  const byKind = Map.groupBy(kept, ({ kind }) => kind)
  return {
    losses: byAccount(accounts, byKind.get('lost') ?? []),
    skippedBecause: byAccount(accounts, byKind.get('skipped') ?? []),
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
