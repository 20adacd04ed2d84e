import type { Client } from '../../domain/client.ts'
import { type Capability, canDo, capabilitiesOf } from '../../services/catalog/capabilities.ts'
import type { Destination } from '../../services/catalog/catalog.ts'
import { type AccountChoice, chooseAccount } from '../../services/catalog/choose-account.ts'
import { isKey } from '../../services/delivery/contact-ids.ts'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'

/** The accounts that a client may use. */
export function usableAccounts(accounts: Services['accounts'], client: Client): readonly Destination[] {
  return [...accounts.values()].filter(({ account }) => client.mayUseAccount(account.id))
}

/** @throws Problem when the client has to name one of several, when there is none, or when none can do it */
export function accountFor<Place extends Destination>(
  candidates: readonly Place[],
  capability: Capability,
  wanted: string | undefined,
): Place {
  const choice = chooseAccount(candidates, capability, wanted)
  if ('chosen' in choice) return choice.chosen
  throw problemOf(choice)
}

function problemOf(choice: Exclude<AccountChoice<Destination>, { chosen: Destination }>): Problem {
  if (choice.refused === 'notFound') {
    return new Problem('not-found', { detail: 'There is no such account, or this client may not use it.' })
  }
  if (choice.refused === 'unsupported') return unsupported(choice.accounts)
  const names = choice.accounts.map(({ id }) => id).join(', ')
  return new Problem('account-required', {
    detail: `Several accounts can do this: ${names}. Name one in the query parameter account.`,
  })
}

function unsupported(accounts: readonly Destination['account'][]): Problem {
  const said = accounts.map((account) => `${account.id} can do ${capabilitiesOf(account).join(', ')}`)
  return new Problem('operation-not-supported', { detail: `Not offered here. ${said.join('; ')}.` })
}

/** What a contact's id leads to. */
export type ContactAddress<Place> = { readonly place: Place; readonly key: string }

/**
 * Reads `<account>:<key>`. An account that is not among the candidates, and a key that is none of its provider's, is the
 * same `404` as a contact that is not there: the provider is not asked.
 * @throws Problem
 */
export function contactAt<Place extends Pick<Destination, 'account'>>(
  candidates: readonly Place[],
  capability: Capability,
  id: string,
): ContactAddress<Place> {
  const colon = id.indexOf(':')
  const place = candidates.find(({ account }) => account.id === id.slice(0, Math.max(colon, 0)))
  if (place === undefined) throw new Problem('not-found')
  if (!canDo(place.account, capability)) throw unsupported([place.account])
  const key = id.slice(colon + 1)
  if (!isKey(place.account, key)) throw new Problem('not-found')
  return { place, key }
}
