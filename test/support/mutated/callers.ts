import type { Random } from '../random.ts'
import type { Provider } from './mutated-provider.ts'
import { type Person, unwelcome } from './provider-model.ts'

/** So many people of its own a case has at most. */
export const mostPeople = 32

/** People whom the caller of a case knows and may write; some of them a provider refuses. */
export function makePeople(number: number, count: number, random: Random): Person[] {
  return Array.from({ length: count }, (_, n) => {
    const isWelcome = random.chance(0.93)
    return {
      name: `${isWelcome ? '' : `${unwelcome} `}Caller ${number}x${n}`,
      phone: `+9198${String((number * mostPeople + n) % 1e8).padStart(8, '0')}`,
      email: `caller-${number}x${n}@example.com`,
      tags: random.pick([[], ['vip'], ['vip', 'trial']]),
      attributes: random.pick<Person['attributes']>([{}, { plan: 'new' }, { plan: 'new', seats: 5 }]),
    }
  })
}

/** As a provider has had the person for long. */
export function asBefore(same: Person, random: Random): Person {
  const { phone, email, name } = same
  if (random.chance(0.2)) return same
  const tags = ['before', ...(random.chance(0.5) ? ['vip'] : [])]
  return {
    phone,
    ...(email !== undefined && { email }),
    name: `${name.replace(`${unwelcome} `, '')} of old`,
    tags,
    attributes: { plan: 'old', kept: 'yes' },
  }
}

/** What of a person is sent: only Oblic needs the e-mail, and each field that a provider drops is one more warning. */
export function asSent(person: Person, at: Provider | 'all', random: Random): Person {
  const { email, ...rest } = person
  const isNeeded = at === 'oblic' || at === 'all'
  return isNeeded || random.chance(0.5) ? person : rest
}
