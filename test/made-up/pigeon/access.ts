import type { Result } from '../../../src/domain/failure.ts'
import type { ProviderRequest, ProviderResponse, TokenGrant } from '../../../src/providers/adapter-port.ts'
import { readPigeonFailure, successOf } from './failures.ts'
import { readTokenBody } from './wire.ts'

export type PigeonCredentials = { readonly clientId: string; readonly clientSecret: string }

/** Tokens for the credentials of a client (docs.pigeon.example/access). */
export function askForToken({ clientId, clientSecret }: PigeonCredentials): ProviderRequest {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  return { method: 'POST', path: '/oauth/token', form }
}

export function readToken(response: ProviderResponse): Result<TokenGrant> {
  const body = successOf(response, readTokenBody)
  if (body === undefined) return readPigeonFailure(response)
  return { ok: { token: body.access_token, expiresInMs: body.expires_in * 1_000 } }
}
