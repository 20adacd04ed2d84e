import { type Suppression, unite } from '../../domain/suppression.ts'
import { StoreUnavailable } from '../store-port.ts'
import type { StoredSuppression, SuppressionStore } from '../suppression-store-port.ts'

/** One address with all that is said of it. */
export type SaidOfPerson = {
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
  { beforeWriting, writesAll = false }: Uniting = {},
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
    const done = await list.replace(written.map((index) => united[index] as Turn))
    open = written.filter((_, place) => !done[place])
  }
  return united
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
