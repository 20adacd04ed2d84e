import { type ErasedAddresses, tellsAddress } from '../../domain/erasure.ts'
import { Problem } from '../problems/problems.ts'

/** Texts by their pointers. @throws Problem where one would tell what is to be forgotten */
export function refuseAddressIn(texts: Readonly<Record<string, string>>, addresses: ErasedAddresses): void {
  const telling = Object.entries(texts).find(([, text]) => tellsAddress(text, addresses))
  if (telling === undefined) return
  const detail = 'This text tells the address of the person, and is kept when it is gone. Say it without.'
  throw invalid({ pointer: telling[0], code: 'holds_address', detail })
}

export function invalid(place: { readonly pointer: string; readonly code: string; readonly detail: string }): Problem {
  return new Problem('validation-failed', { errors: [place] })
}
