import type { Failure, FailureKind } from '../../domain/failure.ts'
import type { ProviderResponse } from '../adapter-port.ts'
import { readFailure } from '../reading/read-failure.ts'
import { readErrorBody } from './wire.ts'

/**
 * The return codes that a call about contacts may meet (docs/providers.md, "Octopush: error codes": the table of the
 * older API). Quotas (301, 304) and an oversized query (305) are no fault of any contact's; 302 is a list that is there
 * already.
 */
const kindOfCode: Readonly<Record<string, FailureKind>> = {
  101: 'credentials',
  108: 'credentials',
  109: 'credentials',
  110: 'invalid',
  111: 'invalid',
  113: 'credentials',
  114: 'credentials',
  115: 'invalid',
  117: 'invalid',
  125: 'unavailable',
  150: 'invalid',
  151: 'invalid',
  201: 'credentials',
  207: 'credentials',
  300: 'credentials',
  301: 'limitReached',
  302: 'conflict',
  303: 'notFound',
  304: 'limitReached',
  305: 'tooLarge',
  500: 'unavailable',
  501: 'unavailable',
}

/** Reads an answer that is no success. */
export function readOctopushFailure(response: ProviderResponse): { readonly failure: Failure } {
  return readFailure(response, words)
}

const words = {
  kindOfCode: (code: string) => (Object.hasOwn(kindOfCode, code) ? kindOfCode[code] : undefined),
  isDocumented: (body: unknown) => readErrorBody(body) !== undefined,
}
