import type { RunningSimulators } from '../../src/simulators/start.ts'
import type { Provider } from './start-fleet.ts'

/** What the simulators hold at a moment. */
export type HeldContacts = {
  holds(provider: Provider, contact: { readonly email?: string; readonly phone: string }): boolean
  /** How often Oblic stored it. */
  sends(email: string): number
}

/** Takes stock of all three: by e-mail at Oblic, by number at the others. */
export function takeStock({ oblic, octopush, vobiz }: RunningSimulators): HeldContacts {
  const sends = new Map<string, number>()
  for (const contact of oblic.contacts()) sends.set(contact.email, (sends.get(contact.email) ?? 0) + contact.sends)
  const numbers = {
    octopush: new Set(octopush.contacts().map((contact) => contact.phone_number)),
    vobiz: new Set(vobiz.contacts().map((contact) => contact.phone_number)),
  }
  return {
    holds: (provider, { email = '', phone }) =>
      provider === 'oblic' ? sends.has(email) : numbers[provider].has(phone),
    sends: (email) => sends.get(email) ?? 0,
  }
}
