import type { ProviderRequest, ProviderResponse } from '../../adapter-port.ts'
import { isFine, type Said } from '../../probing.ts'
import { isRecord } from '../../reading/coercions.ts'
import { endsAlike } from '../../reading/written-form.ts'
import { del, post } from '../../requests.ts'
import { readOctopushFailure } from '../failures.ts'
import { readCreateAnswer } from '../wire.ts'

/** The calls about test people, and how answers are looked at for them. */

export const firstOf = ({ phones: [first = ''] }: Said): string => first
export const secondOf = ({ phones: [, second = ''] }: Said): string => second

/** The second list, which is never made before somebody is added to it. */
export const neverMade = ({ mark }: Said): string => `${mark}-n`

/** Reserved for films in France, and written without its country code. */
export const oddNumber = '0639980001'

export const keep = { do_not_overwrite: true } as const

export function create(numbers: readonly string[], more: Record<string, unknown> = {}): ProviderRequest {
  return post('/contact/create', {
    contacts: numbers.map((phone_number) => ({ phone_number, first_name: 'Cgw', last_name: 'Verify' })),
    ...more,
  })
}

export function remove(numbers: readonly string[], list?: string): ProviderRequest {
  return del('/contact/delete', { phone_numbers: numbers, ...(list !== undefined && { list_name: list }) })
}

export type ShownItem = { readonly phone_number?: unknown; readonly status?: unknown; readonly email?: unknown }

/** The items of an answer; `undefined`: it shows none that can be read. */
export function itemsIn(response: ProviderResponse | undefined): readonly ShownItem[] | undefined {
  return isFine(response) ? readCreateAnswer(response.body)?.items.filter(isRecord) : undefined
}

export function itemOf(said: Said, step: string, number: string): ShownItem | undefined {
  return itemsIn(said.answer(step))?.find((item) => isOf(item, number))
}

export function isOf({ phone_number: shown }: ShownItem, number: string): boolean {
  return (typeof shown === 'string' || typeof shown === 'number') && endsAlike(String(shown), number)
}

/** The word for one person, in lower case. */
export function wordFor(said: Said, step: string, number: string): string | undefined {
  const status = itemOf(said, step, number)?.status
  return typeof status === 'string' ? status.toLowerCase() : undefined
}

/** Whether the person was there before this call; `undefined`: the answer does not tell. */
export function wasThere(said: Said, step: string, number: string): boolean | undefined {
  const word = wordFor(said, step, number)
  if (word === 'skipped' || word === 'updated') return true
  return word === 'added' ? false : undefined
}

/** The numbers that an answer says were added. */
export function addedIn(response: ProviderResponse, numbers: readonly string[]): readonly string[] {
  const items = itemsIn(response) ?? []
  const isAdded = ({ status }: ShownItem) => typeof status === 'string' && status.toLowerCase() === 'added'
  return numbers.filter((number) => items.some((item) => isAdded(item) && isOf(item, number)))
}

/** As it is shown: a number that was sent without its country code may have got one. */
export function addedAs(response: ProviderResponse, number: string): readonly string[] {
  const own = (itemsIn(response) ?? []).filter((item) => isOf(item, number))
  return own
    .filter(({ status }) => typeof status === 'string' && status.toLowerCase() === 'added')
    .map(({ phone_number: shown }) => String(shown))
}

/** A refusal for what the call holds. */
export function isRefusedForData(response: ProviderResponse | undefined): response is ProviderResponse {
  if (response === undefined || response.status < 400) return false
  return readOctopushFailure(response).failure.kind === 'invalid'
}

export function saysNoList(response: ProviderResponse | undefined): boolean {
  return response !== undefined && response.status >= 400 && readOctopushFailure(response).failure.kind === 'notFound'
}
