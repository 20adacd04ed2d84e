import type { ChunkResult } from '../../src/services/import-ports.ts'

export function chunk(upTo: number, counts: ChunkResult['counts'], report = ''): ChunkResult {
  return { upTo, counts, report: Buffer.from(report) }
}
