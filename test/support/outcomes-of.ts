import type { Outcome, OutcomeStatus } from '../../src/domain/outcome.ts'
import type { Reply } from './start-fleet.ts'

/** The outcomes of a batch at one account, in the order of its contacts. */
export function outcomesAt(account: string, reply: Reply): readonly Outcome[] {
  if (reply.status !== 207) throw new Error(`${reply.status} ${reply.text}`)
  const results = reply.body.results as readonly { readonly outcomes: readonly Outcome[] }[]
  return results.map(({ outcomes }) => {
    const own = outcomes.find((outcome) => outcome.account === account)
    if (own === undefined) throw new Error(`no outcome at ${account}`)
    return own
  })
}

/** Their states alone. */
export function statesAt(account: string, reply: Reply): readonly OutcomeStatus[] {
  return outcomesAt(account, reply).map(({ status }) => status)
}
