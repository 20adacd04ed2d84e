import { expect, test } from 'vitest'
import type { CallObserver } from '../../src/providers/policies.ts'
import { createAccount, type Told } from './execute-account.ts'
import { createManualClock } from './execute-clock.ts'

const dayMs = 86_400_000

test.each(['deprecation', 'sunset'] as const)(
  'that a provider announces a change by the header %s is told once a day, without what it says',
  async (header) => {
    const clock = createManualClock()
    const told: unknown[] = []
    const observer: CallObserver = {
      attempt: () => {},
      retry: () => {},
      breakerState: () => {},
      shape: (...seen) => void told.push(seen),
    }
    const headers = { [header]: 'planted value' }
    const provider = (): Told => ({ status: 200, text: '{}', retryAfter: undefined, headers })
    const { call, logged } = createAccount(clock, provider, {}, { observer })
    for (let made = 0; made < 3; made++) await clock.until(call())
    const once = ['acme-main', 'addContacts', header, 'a header of the answer']
    expect(told).toEqual([once])
    await clock.advance(dayMs)
    await clock.until(call())
    expect(told).toEqual([once, once])
    expect(JSON.stringify(logged)).toContain(header)
    expect(JSON.stringify(logged)).not.toContain('planted')
  },
)
