import type { Services } from './http/services.ts'
import type { ContactMetrics } from './metrics/contact-metrics.ts'
import { addContacts, routingOf } from './services/contacts/add-contacts.ts'
import { createContact } from './services/contacts/create-contact.ts'
import type { ListKeeper } from './services/delivery/list-keeper.ts'
import type { SuppressionLookUp } from './services/suppressions/look-up.ts'
import { watchSuppressions } from './services/suppressions/watch-suppressions.ts'

/** What sends contacts for a request, and counts what became of them. */
export function sendingServices(
  lookUp: SuppressionLookUp,
  keeper: ListKeeper,
  metrics: ContactMetrics,
): Pick<Services, 'watchSuppressions' | 'createContact' | 'addContacts'> {
  return {
    watchSuppressions(people) {
      const watching = watchSuppressions(lookUp, people)
      // What else begins with it may end the request before it is answered.
      watching.catch(() => {})
      return watching
    },
    async createContact(prepared, watch, { client, again }, context) {
      const created = await createContact(prepared, watch, { again }, keeper, context)
      metrics.created(prepared.at.account.id, created)
      if (!watch.barred.none && 'outcome' in created) metrics.suppressed(client, [created.outcome])
      return created
    },
    async addContacts(batch, watch, { client, history }, context) {
      const added = await addContacts(batch, watch, history, keeper, context)
      metrics.added(added, history?.earlier)
      if (!watch.barred.none) for (const { outcomes } of added.results) metrics.suppressed(client, outcomes)
      if (batch.isRouted && history?.earlier === undefined)
        for (const { account, ...counts } of routingOf(batch)) metrics.routed(batch.listId, account, counts)
      return added
    },
  }
}
