import { asBefore, makePeople } from './callers.ts'
import { type Provider, providers } from './mutated-provider.ts'
import type { Person } from './provider-model.ts'
import type { Case } from './run-cases.ts'
import { isolatesRefused, listNames } from './start-lanes.ts'
import { makeStrangers } from './strangers.ts'

/** Puts strangers everywhere, and some of so many people of the caller's, whom it gives back. */
export function fillLane({ number, random, lane }: Case, count: number): Person[] {
  const people = makePeople(number, count, random)
  const strangers = makeStrangers(number, random.int(4))
  for (const provider of providers) {
    const model = lane.models[provider]
    for (const [n, stranger] of strangers.entries()) model.put(...placed(provider, stranger, n % 2 === 0))
    for (const person of people)
      if (random.chance(0.4)) model.put(...placed(provider, asBefore(person, random), random.chance(0.5)))
  }
  lane.models.oblic.keepsTheRest = random.chance(0.5) && !isolatesRefused(lane)
  // Lists are made by the gateway, and deleted by hand.
  lane.models.octopush.setList(listNames.octopush, !random.chance(0.03))
  return people
}

/** A person, and the lists that she is on; at Vobiz they are tags. */
function placed(provider: Provider, person: Person, isOnList: boolean): [Person, string[]] {
  if (!isOnList) return [person, []]
  const list = listNames[provider]
  return [provider === 'vobiz' ? { ...person, tags: [...person.tags, list] } : person, [list]]
}
