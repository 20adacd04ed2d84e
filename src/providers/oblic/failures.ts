import type { Failure, FailureKind } from '../../domain/failure.ts'
import type { ProviderResponse } from '../adapter-port.ts'
import { readFailure } from '../reading/read-failure.ts'
import { readEnvelope } from './wire.ts'

/** The codes that are published (docs/providers.md, "Oblic: errors"). They win over the status that comes with them. */
const kindOfCode: ReadonlyMap<string, FailureKind> = new Map([
  ['INVALID_EMAIL', 'invalid'],
  ['INVALID_REQUEST', 'invalid'],
  ['NOT_AUTHENTICATED', 'credentials'],
  ['RESOURCE_NOT_FOUND', 'notFound'],
])

/** Reads an answer that is no success. A 200 that says `error`, which is assumed to be possible, is one. */
export function readOblicFailure(response: ProviderResponse): { readonly failure: Failure } {
  return readFailure(response, words)
}

const words = {
  kindOfCode: (code: string) => kindOfCode.get(code.toUpperCase()),
  isDocumented: (body: unknown) => readEnvelope(body) !== undefined,
}
