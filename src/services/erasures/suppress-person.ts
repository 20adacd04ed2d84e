import type { ErasedAddresses, Erasure } from '../../domain/erasure.ts'
import { readSuppressedEmail, readSuppressedPhone, type SuppressedAddress } from '../../domain/suppressed-address.ts'
import { channelBits, type Suppression } from '../../domain/suppression.ts'
import type { SuppressionStore } from '../suppression-store-port.ts'
import { type ListNotices, noticeOf } from '../suppressions/list-notices.ts'
import type { ListKeys } from '../suppressions/suppression-keys.ts'
import { uniteOnList } from '../suppressions/unite-on-list.ts'

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
      .map(({ kind, compared }) => digest.idOf(kind, compared))
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
    request,
  }: Pick<Erasure, 'id' | 'addresses' | 'createdBy' | 'receivedAt' | 'request'>,
  list: SuppressionStore,
  keys: ListKeys,
  notices?: ListNotices,
): Promise<readonly string[]> {
  const people = comparedAddresses(addresses).map(({ kind, compared, hint }) => {
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
    return { ids: keys.map((digest) => digest.idOf(kind, compared)), said: [said] }
  })
  // The addresses are to be forgotten, and told to nobody.
  const notice = noticeOf(notices, Date.now(), request, erasure)
  return (await uniteOnList(list, people, { notice })).map(({ id }) => id)
}
