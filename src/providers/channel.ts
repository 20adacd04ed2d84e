import type { Failure, Result } from '../domain/failure.ts'
import type { ProviderRequest, ResponseHeaders, TokenGrant } from './adapter-port.ts'

export type { Failure, TokenGrant }

/** The way to one account's provider: bound to its origin and its credentials. */
export type Channel = {
  send(request: ProviderRequest, options: SendOptions): Promise<TransportAnswer | Unsent>
  /**
   * The provider refused the credentials of this request: a token that it was sent with is given up. False where there is
   * none. Absent: the account has no tokens.
   */
  giveUpToken?(request: ProviderRequest): boolean
  /** Takes credentials and personal data out of a text of the provider's. */
  redact(text: string): string
  /** `host:port` of the proxy on the way, where there is one. */
  readonly proxy?: string | undefined
  /** The address of this machine that the last connection was made from. */
  calledFrom?(): string | undefined
  close(): Promise<void>
}

/** `traceparent`: the header of that name, where requests are traced. */
export type SendOptions = { readonly timeoutMs: number; readonly traceparent?: string | undefined }

/**
 * What came back. `unreachable`: no byte was sent. `timeout`: sent, and no complete answer in time, or the connection
 * broke. `tooLarge`: the answer was cut at the cap. `redirected`: a 3xx, which was not followed.
 */
export type TransportAnswer =
  | {
      readonly status: number
      readonly text: string
      readonly retryAfter: string | undefined
      /** All that came, by names in lower case. */
      readonly headers?: ResponseHeaders
      /** The header of this name: the provider's clock. */
      readonly date?: string
      /** `X-RateLimit-Reset`, `RateLimit`, or another header by which providers tell it. */
      readonly rateLimitReset?: string
      /** It was compressed, or began with a byte order mark: `text` is without. */
      readonly recoded?: true
    }
  | {
      readonly lost: 'unreachable' | 'timeout' | 'tooLarge' | 'redirected'
      readonly status?: number
      /**
       * Of `unreachable`: the code of the error, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`; it begins with `PROXY_` where a
       * proxy on the way is at fault (`PROXY_HTTP_407`).
       */
      readonly cause?: string
    }

/** There was no token to send the request with. */
export type Unsent = { readonly unsent: Failure; readonly status?: undefined }

/** Where an account's tokens come from. */
export type TokenSource = {
  readonly request: ProviderRequest
  read(answer: TransportAnswer, channel: Pick<Channel, 'redact'>): Result<TokenGrant>
  headers(token: string): Readonly<Record<string, string>>
}
