/** A retry costs as much as so many calls pay: a fifth of the calls may be retries. */
const callsPerRetry = 5
/** Retries on credit: for the odd failure of a quiet account, whose failed calls have not paid for one yet. */
const mostCredit = 5 * callsPerRetry
const mostPaid = 5 * callsPerRetry

/**
 * Bounds the retries of one account to a fifth of its calls, so that a provider in trouble is not buried under them: while
 * it fails it receives at most 1.2 times the calls that callers make (and 5 retries where they make fewer than 25).
 * Failed calls pay for retries, after they have paid off those that were taken on credit; new credit comes from calls that
 * succeed, never from a failing provider.
 */
export class RetryBudget {
  #credit = mostCredit
  #owed = 0
  #paid = 0

  /** A call succeeded at its first attempt. */
  succeeded(): void {
    if (this.#owed > 0) this.#owed--
    if (this.#credit < mostCredit) this.#credit++
  }

  /** A call failed at its first attempt, in a way that a retry may mend. */
  failed(): void {
    if (this.#owed > 0) this.#owed--
    else if (this.#paid < mostPaid) this.#paid++
  }

  /** Takes one retry; false when there is none left. */
  take(): boolean {
    if (this.#paid >= callsPerRetry) {
      this.#paid -= callsPerRetry
      return true
    }
    if (this.#credit < callsPerRetry) return false
    this.#credit -= callsPerRetry
    this.#owed += callsPerRetry
    return true
  }
}
