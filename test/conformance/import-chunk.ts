import type { ChunkResult } from '../../src/services/import-store-port.ts'

type Losses = Partial<Pick<ChunkResult, 'losses' | 'skippedBecause'>>

export function chunk(upTo: number, counts: ChunkResult['counts'], report = '', losses: Losses = {}): ChunkResult {
  return { upTo, counts, losses: {}, skippedBecause: {}, report: Buffer.from(report), ...losses }
}
