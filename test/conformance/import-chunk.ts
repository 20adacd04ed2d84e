import type { ChunkResult } from '../../src/services/import-store-port.ts'

type Losses = Partial<Pick<ChunkResult, 'losses' | 'skippedBecause' | 'calls' | 'waitedMs'>>

export function chunk(upTo: number, counts: ChunkResult['counts'], report = '', losses: Losses = {}): ChunkResult {
  return {
    upTo,
    counts,
    losses: {},
    skippedBecause: {},
    calls: {},
    waitedMs: {},
    report: Buffer.from(report),
    ...losses,
  }
}
