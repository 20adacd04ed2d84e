import type { CallLog } from '../domain/call-context.ts'
import { adviceOnReach } from './reach-advice.ts'

/**
 * Says why an account's provider is out of reach, once for each change: a person has to see to a name that is not known, a
 * port that is closed or a certificate that has expired, and a failed call alone does not say which it is.
 */
export class ReachWatch {
  readonly #account: string
  #cause: string | undefined

  constructor(account: string) {
    this.#account = account
  }

  /** `cause`: the code of the error, as the system or TLS calls it. It holds no data. `proxy`: `host:port`, where there is one. */
  lost(cause: string, proxy: string | undefined, log: CallLog): void {
    if (this.#cause === cause) return
    this.#cause = cause
    const fields = { account: this.#account, cause, ...(proxy !== undefined && { proxy }) }
    say(log, fields, `The provider is out of reach (${cause}). ${adviceOnReach(cause, proxy)}`)
  }

  /** A connection was made. */
  reached(log: CallLog): void {
    if (this.#cause === undefined) return
    say(log, { account: this.#account, cause: this.#cause }, 'The provider is in reach again.')
    this.#cause = undefined
  }
}

function say(log: CallLog, fields: object, message: string): void {
  if (log.warn === undefined) log.debug(fields, message)
  else log.warn(fields, message)
}
