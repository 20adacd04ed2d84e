import { type Suppression, unite } from '../../domain/suppression.ts'
import { StoreUnavailable } from '../store-port.ts'
import type { StoredSuppression, SuppressionStore } from '../suppression-store-port.ts'
import type { Notice } from './list-notices.ts'

/** One address with all that is said of it. */
export type SaidOfPerson = {
  /** The address as it is compared, where it may be told. */
  readonly compared?: string
  /** By every key of the list, the one that writes first. */
  readonly ids: readonly string[]
  readonly said: readonly Suppression[]
}

/** What became of each of them, in their order. */
export type UnitedPerson = {
  readonly id: string
  readonly statuses: readonly ('created' | 'updated' | 'unchanged')[]
}

export type Uniting = {
  /** Told once what will become of them, before anything is written; may throw. */
  readonly beforeWriting?: (people: readonly UnitedPerson[]) => Promise<void>
  /** Writes also where nothing changes: it takes as long as where something does. */
  readonly writesAll?: boolean
  /** What is left for who is to be told of changes. */
  readonly notice?: Notice | undefined
}

/** Each turn somebody else has changed an entry between its reading and its writing. */
const mostTurns = 20

type Turn = UnitedPerson & { readonly before: StoredSuppression | undefined; readonly after: Suppression }

/**
 * Unites what is said of some people, each of them another, with what the list has of them: durably, once it resolves. An
 * entry that was made with an older key stays where it is.
 * @throws StoreUnavailable
 */
export async function uniteOnList(
  list: Pick<SuppressionStore, 'find' | 'replace'>,
  people: readonly SaidOfPerson[],
  { beforeWriting, writesAll = false, notice }: Uniting = {},
): Promise<readonly UnitedPerson[]> {
  const united = new Array<Turn>(people.length)
  let open = people.map((_, index) => index)
  for (let turn = 0; open.length > 0; turn++) {
    if (turn === mostTurns)
      throw new StoreUnavailable('Others change the same entries of the suppression list all the time.')
    const asked = open.map((index) => people[index] as SaidOfPerson)
    const found = await findAll(list, asked)
    for (const [place, index] of open.entries()) united[index] = uniteAll(asked[place] as SaidOfPerson, found[place])
    if (turn === 0) await beforeWriting?.(united)
    const written = open.filter((index) => writesAll || united[index]?.statuses.some((one) => one !== 'unchanged'))
    if (written.length === 0) break
    const changes = written.map((index) => united[index] as Turn)
    const done = await list.replace(changes, notice?.note(addressesOf(united, people)))
    open = written.filter((_, place) => !done[place])
  }
  notice?.left()
  return united
}

function addressesOf(united: readonly Turn[], people: readonly SaidOfPerson[]): readonly (readonly [string, string])[] {
  return united.flatMap(({ id }, index) => {
    const { compared } = people[index] as SaidOfPerson
    return compared === undefined ? [] : [[id, compared] as const]
  })
}

async function findAll(
  list: Pick<SuppressionStore, 'find'>,
  people: readonly SaidOfPerson[],
): Promise<readonly (StoredSuppression | undefined)[]> {
  const found = await list.find(people.flatMap(({ ids }) => ids))
  let at = 0
  return people.map(({ ids }) => {
    const own = found.slice(at, at + ids.length)
    at += ids.length
    return own.find((entry) => entry !== undefined)
  })
}

function uniteAll({ ids, said }: SaidOfPerson, before: StoredSuppression | undefined): Turn {
  let held: Suppression | undefined = before
  const statuses = said.map((entry) => {
    const after: Suppression | undefined = held === undefined ? entry : unite(held, entry)
    const status = held === undefined ? 'created' : after === undefined ? 'unchanged' : 'updated'
    held = after ?? held
    return status
  })
  return { id: before?.id ?? (ids[0] as string), statuses, before, after: held as Suppression }
}
