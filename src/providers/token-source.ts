import type { Failure, FailureKind, Result } from '../domain/failure.ts'
import type { Adapter, TokenGrant } from './adapter-port.ts'
import type { TokenSource } from './channel.ts'
import { interpretAnswer } from './interpret-answer.ts'
import { unnoted } from './reading/drift.ts'

/** How an account gets its tokens; `undefined` where its provider takes the credentials themselves. */
export function tokenSource(
  { token }: Adapter,
  credentials: Readonly<Record<string, string>>,
): TokenSource | undefined {
  if (token === undefined) return undefined
  const request = token.request(credentials)
  const operation = { repeatable: true, toRequest: () => request, toOutcome: token.read }
  return {
    request,
    read: (answer, channel) => readGrant(interpretAnswer({ channel }, operation, undefined, answer, 0, unnoted)),
    headers: token.headers,
  }
}

/** What a header can carry. */
const tokenForm = /^[!-~]+( [!-~]+)*$/

function readGrant(result: Result<TokenGrant>): Result<TokenGrant> {
  if ('failure' in result) return { failure: ofNoContact(result.failure) }
  const { token, expiresInMs } = result.ok
  return tokenForm.test(token) && expiresInMs > 0 ? result : { failure: { kind: 'unreadable', beforeSending: true } }
}

/** Nothing of a contact was in the request: what is refused is the credentials, or the request itself. */
const kindWithoutContact: Partial<Record<FailureKind, FailureKind>> = {
  invalid: 'credentials',
  notFound: 'misaddressed',
  conflict: 'misaddressed',
  tooLarge: 'misaddressed',
}

function ofNoContact({ named: _, ...failure }: Failure): Failure {
  return { ...failure, kind: kindWithoutContact[failure.kind] ?? failure.kind, beforeSending: true }
}
