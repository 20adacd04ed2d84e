import type { FailureKind } from '../../../src/domain/failure.ts'
import type { ProviderResponse } from '../../../src/providers/adapter-port.ts'
import { readFailure } from '../../../src/providers/reading/read-failure.ts'
import { readErrorBody } from './wire.ts'

/** What the codes mean that say more than the status that they come with (docs.pigeon.example/errors). */
const kindOfCode: Readonly<Record<string, FailureKind>> = {
  no_such_audience: 'notFound',
  no_such_member: 'notFound',
  token_expired: 'credentials',
  invalid_client: 'credentials',
}

/** Reads an answer that is no success. */
export function readPigeonFailure(response: ProviderResponse) {
  return readFailure(response, {
    kindOfCode: (code) => kindOfCode[code],
    isDocumented: (body) => readErrorBody(body) !== undefined,
  })
}

/** The body of a success, as `read` takes it; `undefined` for any other answer. */
export function successOf<Body>(response: ProviderResponse, read: (body: unknown) => Body | undefined) {
  return response.status >= 200 && response.status < 300 ? read(response.body) : undefined
}
