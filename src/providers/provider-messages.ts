import type { NoteDrift } from './reading/drift.ts'
import type { AnswerTiming } from './reading/read-stamps.ts'

/** A request to the provider, relative to the account's base URL and without credentials. */
export type ProviderRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Starts with `/`; every value in it is URL-encoded, the query included. */
  readonly path: string
  /** Beside those of every request; names in lower case. They replace the type of the body, and no credentials. */
  readonly headers?: Readonly<Record<string, string>>
  /** The body, in one of three forms. */
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
  readonly file?: FilePart
}

/** The one part of a `multipart/form-data` body. */
export type FilePart = {
  readonly field: string
  readonly fileName: string
  readonly type: string
  readonly content: string
}

/**
 * A complete answer. `body` is the parsed JSON, `undefined` when there is none or it is not JSON; a number in it that a
 * double would change is an `ExactNumber`. `text` is as received. `headers`: by names in lower case, a list where one came
 * several times. `drift` is told of everything that is not as documented and was read all the same. `headers` and `timing`
 * are absent where a test has none.
 */
export type ProviderResponse = {
  readonly status: number
  readonly body: unknown
  readonly text: string
  readonly headers?: ResponseHeaders
  readonly drift?: NoteDrift
  readonly timing?: AnswerTiming
}

export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>
