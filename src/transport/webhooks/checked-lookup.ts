import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** A name that leads to no address that events may be sent to. */
export class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED'

  constructor() {
    super('the name of the endpoint leads to no address that is allowed')
  }
}

/** Asks for all addresses of a name. */
export type LookupAll = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * What a connection asks for the addresses of a name: the answer holds those alone that may be connected to, and is the one that
 * is connected by, so that no name can lead elsewhere after it was checked.
 */
export function checkedLookup(
  isAllowed: (address: string) => boolean,
  lookup: LookupAll = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const [first, ...others] = error === null ? found.filter(({ address }) => isAllowed(address)) : []
      if (error !== null) callback(error, [])
      else if (first === undefined) callback(new AddressRefused(), [])
      else if (options.all === true) callback(null, [first, ...others])
      else callback(null, first.address, first.family)
    })
  }
}
