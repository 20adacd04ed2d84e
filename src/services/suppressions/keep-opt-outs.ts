import type { OptOutEntry, OptOutSink } from '../opt-out-sink.ts'
import type { SuppressionDraft } from './read-suppression.ts'
import type { Suppressions } from './suppressions.ts'

/** Where a provider's opt-out was said; which provider's, its account tells. */
const source = 'callback'

/** Keeps on the suppression list what providers tell of opt-outs. `suppressions`: without a limit of new entries a day. */
export function keepOptOuts(suppressions: Pick<Suppressions, 'add'>): OptOutSink {
  return {
    async put(entries, request) {
      const byAccount = Map.groupBy(entries, ({ account }) => account)
      let areAllKept = true
      for (const [account, told] of byAccount) {
        const drafts = told.map(draftOf)
        const said = { drafts, client: account, defaultCountry: undefined, mayKnow: true, request }
        const added = await suppressions.add(said)
        areAllKept &&= added.every(({ status }) => status !== 'rejected')
      }
      return areAllKept
    },
  }
}

function draftOf({ account: _, channel, ...said }: OptOutEntry): SuppressionDraft {
  return { ...said, channels: [channel], reason: 'opt_out', source }
}
