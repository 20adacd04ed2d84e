import type { ErasedAddresses, Erasure } from '../../domain/erasure.ts'
import { readSuppressedEmail, readSuppressedPhone, type SuppressedAddress } from '../../domain/suppressed-address.ts'
import { channelBits, type Suppression, unite } from '../../domain/suppression.ts'
import type { ListChangeNote } from '../event-store-port.ts'
import { StoreUnavailable } from '../store-port.ts'
import type { SuppressionStore } from '../suppression-store-port.ts'
import { type ListNotices, noticeOf } from '../suppressions/list-notices.ts'
import type { ListKeys } from '../suppressions/suppression-keys.ts'

/** Each turn somebody else has changed an entry between its reading and its writing. */
const mostTurns = 20

/** The addresses as they are compared, each once, with their hints. They have been checked. */
export function comparedAddresses({ phone, email, whatsapp }: ErasedAddresses): readonly SuppressedAddress[] {
  const read = [
    ...[phone, whatsapp].flatMap((number) => (number === undefined ? [] : [readSuppressedPhone(number, undefined)])),
    ...(email === undefined ? [] : [readSuppressedEmail(email)]),
  ].filter((one) => 'compared' in one)
  return [...new Map(read.map((one) => [one.compared, one])).values()]
}

/** What stands for all of the addresses together, by each key of the suppression list. */
export function namesOfPerson(addresses: readonly SuppressedAddress[], keys: ListKeys): readonly string[] {
  return keys.map((digest) =>
    addresses
      .map(({ kind, compared }) => digest(kind, compared))
      .sort()
      .join(' '),
  )
}

/**
 * Puts each address on the suppression list: on all channels, durably, for the strongest reason. What is there already is
 * united with it. Returns the ids of the entries.
 * @throws StoreUnavailable
 */
export async function suppressPerson(
  {
    id: erasure,
    addresses = {},
    createdBy,
    receivedAt,
  }: Pick<Erasure, 'id' | 'addresses' | 'createdBy' | 'receivedAt'>,
  list: SuppressionStore,
  keys: ListKeys,
  notices?: ListNotices,
): Promise<readonly string[]> {
  const ids: string[] = []
  // Their addresses are to be forgotten, and told to nobody.
  const notice = noticeOf(notices, Date.now(), undefined, erasure)
  for (const { kind, compared, hint } of comparedAddresses(addresses)) {
    const said: Suppression = {
      kind,
      hint,
      channels: channelBits['*'],
      reason: 'erasure',
      source: 'erasure',
      note: undefined,
      saidAt: receivedAt,
      createdBy,
    }
    ids.push(
      await putOnList(
        list,
        keys.map((digest) => digest(kind, compared)),
        said,
        notice?.note([]),
      ),
    )
  }
  notice?.left()
  return ids
}

async function putOnList(
  list: SuppressionStore,
  ids: readonly string[],
  said: Suppression,
  note: ListChangeNote | undefined,
): Promise<string> {
  for (let turn = 0; turn < mostTurns; turn++) {
    const before = (await list.find(ids)).find((entry) => entry !== undefined)
    const id = before?.id ?? (ids[0] as string)
    const after = before === undefined ? said : unite(before, said)
    if (after === undefined) return id
    const [isDone] = await list.replace([{ id, before, after }], note)
    if (isDone) return id
  }
  throw new StoreUnavailable('Others change the same entry of the suppression list all the time.')
}
