import type { JsonAnswer } from '../mutate-answer.ts'
import type { Asked } from '../odd-provider.ts'

/** Somebody, as a caller writes or a provider holds her. */
export type Person = {
  readonly name: string
  /** E.164. */
  readonly phone: string
  readonly email?: string
  readonly tags: readonly string[]
  readonly attributes: Readonly<Record<string, unknown>>
}

/** What a provider holds of a person. `lists`: its own names of the lists that she is on. */
export type Held = Person & { readonly id: string; readonly lists: readonly string[] }

/** What a provider knows a person by: the e-mail at Oblic, the number at the others. */
export type Known = Pick<Person, 'phone' | 'email'>

/** A provider that keeps what it is told, and answers as its documents say. */
export type ProviderModel = {
  /** `asked.path` is relative to the account's base address. */
  answer(asked: Asked): JsonAnswer
  /** Forgets everybody, and the times that they were sent. */
  clear(): void
  /** It has this person from now on, as it would after an earlier request. */
  put(person: Person, lists: readonly string[]): void
  /** What it holds of the person, as a copy. */
  find(person: Known): Held | undefined
  /** Everybody, as copies. */
  all(): Held[]
  /** How often requests have stored this person. */
  stored(person: Known): number
}

/** Whom every model refuses: a provider may refuse any data. */
export const unwelcome = 'Unwelcome'
export const isUnwelcome = (name: unknown): boolean => typeof name === 'string' && name.startsWith(unwelcome)

/** The people of a model, by what it knows them by. */
export type Shelf = {
  readonly people: Map<string, Held>
  readonly times: Map<string, number>
  /** Stores somebody for a request. */
  store(key: string, held: Held): void
} & Pick<ProviderModel, 'clear' | 'find' | 'all' | 'stored'>

export function createShelf(keyOf: (person: Known) => string): Shelf {
  const people = new Map<string, Held>()
  const times = new Map<string, number>()
  return {
    people,
    times,
    store(key, held) {
      people.set(key, held)
      times.set(key, (times.get(key) ?? 0) + 1)
    },
    clear() {
      people.clear()
      times.clear()
    },
    find: (person) => structuredClone(people.get(keyOf(person))),
    all: () => structuredClone([...people.values()]),
    stored: (person) => times.get(keyOf(person)) ?? 0,
  }
}
