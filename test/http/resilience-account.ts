import { sampleOblicList } from '../../src/simulators/oblic.ts'
import type { TestContact } from '../support/contact-source.ts'
import { accountOf, type Provider } from '../support/start-fleet.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** A breaker that stays closed, also over thousands of calls without an answer: for what retries do by themselves. */
export const neverOpens = { failureRate: 1, minimumCalls: 100_000, windowMs: 600_000, openMs: 10_000 }

export type Outcome = { readonly account: string; readonly status: string; readonly error?: { readonly code: string } }
type Body = { readonly results: readonly { readonly outcomes: readonly Outcome[] }[] }

export const outcomesOf = (body: Body): readonly Outcome[] => body.results.flatMap(({ outcomes }) => outcomes)

/** A list with one account on it. */
const lists = { oblic: 'mail', octopush: 'sms', vobiz: 'whatsapp' } as const

/** Starts a gateway whose account at this provider has these settings; the provider's own list is there already. */
export async function startAccount(provider: Provider, settings: Record<string, unknown>) {
  const gateway = await startGateway({
    accounts: { [accountOf[provider]]: settings },
    lists: { mail: { targets: [{ account: accountOf.oblic, list: sampleOblicList }] } },
  })
  await addTo(gateway, provider, { name: 'First', email: 'first@example.com', phone: '+33612345678' })
  return gateway
}

export const addTo = (
  gateway: TestGateway,
  provider: Provider,
  contact: TestContact,
  headers: Record<string, string> = {},
) => gateway.call('POST', `/lists/${lists[provider]}/contacts`, { body: { contacts: [contact] }, headers })
