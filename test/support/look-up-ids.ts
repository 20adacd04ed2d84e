import type { SuppressionStore } from '../../src/services/suppression-store-port.ts'

/** The channels of ids, as plain numbers. */
export async function lookUpIds(
  list: Pick<SuppressionStore, 'lookUp'>,
  ids: readonly string[],
): Promise<readonly number[]> {
  return [...(await list.lookUp(Buffer.from(ids.join(''), 'latin1')))]
}
