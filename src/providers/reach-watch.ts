import type { CallLog } from '../domain/call-context.ts'

/** What is wrong with a certificate does not mend itself. */
const ofCertificates = /CERT|SIGNATURE|ISSUER|ALTNAME|SELF_SIGNED|SSL|TLS/

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

  /** `cause`: the code of the error, as the system or TLS calls it. It holds no data. */
  lost(cause: string, log: CallLog): void {
    if (this.#cause === cause) return
    this.#cause = cause
    const advice = ofCertificates.test(cause)
      ? 'Its certificate, or that of a proxy on the way, was not accepted: a person has to see to it.'
      : 'Check its base URL, the name service, and the way out of this network.'
    say(log, { account: this.#account, cause }, `The provider is out of reach (${cause}). ${advice}`)
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
