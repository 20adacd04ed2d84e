import type { Registry } from 'prom-client'
import { certainlyNotApplied } from '../domain/failure.ts'
import { isOpen, type Outcome, type OutcomeStatus } from '../domain/outcome.ts'
import type { AddedContacts } from '../services/contacts/add-contacts.ts'
import type { CreatedContact } from '../services/contacts/create-contact.ts'
import type { Earlier } from '../services/delivery/resume.ts'
import { byPair, CountFamily } from './families.ts'

export type ContactMetrics = {
  /** What became of a batch; where it was tried again, what became of the contacts that were tried again. */
  added(batch: AddedContacts, earlier: Earlier | undefined): void
  /** What became of one contact at this account. */
  created(account: string, created: CreatedContact): void
  /** Of contacts of a list, in a batch or an import: how many this account of it was for, where it is not for all. */
  routed(list: string, account: string, counts: { readonly taken: number; readonly passedOver: number }): void
}

/** Contacts that were added or created, each at each account. Rows of imports are counted apart. */
export function contactMetrics(registry: Registry): ContactMetrics {
  const contacts = new CountFamily(registry, {
    name: 'contact_gateway_contacts_total',
    help: 'Outcomes of contacts of batches and of single contacts, each at each account. A contact that is tried again counts again.',
    labels: ['account', 'outcome'],
  })
  const series = byPair((account: string, outcome: OutcomeStatus) => contacts.with({ account, outcome }))
  const routed = new CountFamily(registry, {
    name: 'contact_gateway_routed_contacts_total',
    help: 'Contacts of batches and rows of imports that were asked whether a target with conditions is for them, and whether it took them.',
    labels: ['list', 'account', 'taken'],
  })
  return {
    routed(list, account, { taken, passedOver }) {
      routed.with({ list, account, taken: 'yes' }).add(taken)
      routed.with({ list, account, taken: 'no' }).add(passedOver)
    },
    added({ results }, earlier) {
      results.forEach(({ outcomes }, index) => {
        for (const outcome of outcomes)
          if (isNew(outcome, index, earlier)) series(outcome.account, outcome.status).add()
      })
    },
    created: (account, created) => series(account, statusOf(created)).add(),
  }
}

/** False for an outcome that an earlier try of the same request had settled. */
function isNew({ account }: Outcome, index: number, earlier: Earlier | undefined): boolean {
  const before = earlier?.outcomes?.[index]?.find((outcome) => outcome.account === account)
  return before === undefined || isOpen(before)
}

function statusOf(created: CreatedContact): OutcomeStatus {
  if ('outcome' in created) return created.outcome.status
  if (!certainlyNotApplied(created.failure)) return 'unknown'
  return created.failure.kind === 'invalid' ? 'rejected' : 'failed'
}
