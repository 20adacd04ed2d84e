/**
 * One minute of an account. `p95Ms` is not known where nothing was called.
 * @typedef {{ at: number, calls: number, failed: number, p95Ms: number | undefined }} Minute
 * @typedef {{ account: string, waiting: number | undefined, minutes: Minute[] }} Activity
 */

/**
 * @param {any} answer of `GET /accounts/activity`
 * @returns {Activity[]}
 */
export function readActivity(answer) {
  const items = /** @type {any[]} */ (answer?.items ?? [])
  return items.map(({ account, waiting, minutes = [] }) => ({
    account,
    waiting: waiting ?? minutes.at(-1)?.waiting,
    minutes: minutes.map((/** @type {any} */ minute) => {
      const calls = /** @type {Record<string, number>} */ (minute.calls ?? {})
      const all = Object.values(calls).reduce((sum, count) => sum + count, 0)
      return { at: Date.parse(minute.at), calls: all, failed: all - (calls.ok ?? 0), p95Ms: minute.p95Ms ?? undefined }
    }),
  }))
}

/** What is said of it as numbers: of the last five minutes, since one alone may be empty. @param {Activity} activity */
export function recent({ minutes }) {
  const last = minutes.slice(-5)
  const calls = last.reduce((sum, minute) => sum + minute.calls, 0)
  const failed = last.reduce((sum, minute) => sum + minute.failed, 0)
  const slowest = last.flatMap(({ p95Ms }) => (p95Ms === undefined ? [] : [p95Ms]))
  return {
    perMinute: last.length === 0 ? 0 : calls / last.length,
    failedShare: calls === 0 ? undefined : failed / calls,
    p95Ms: slowest.length === 0 ? undefined : Math.max(...slowest),
  }
}
