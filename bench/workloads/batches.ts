import { costBeside, nameBeside } from '../report/beside.ts'
import { atLeast, type Section } from '../report/section.ts'
import { type RunningGateway, startGateway } from '../systems/gateway.ts'
import { type Contestant, measuredColumns, measuredRow, measureInRounds, type Rounds } from './rounds.ts'
import { withSurroundings } from './surroundings.ts'

const contacts = 500
/** Enough to keep the process busy; more would only wait. */
const connections = 8
const names = { D: 'D one account', E: 'E three accounts' } as const

/** D and E: batches of 500 to one account, and to three. */
export function benchBatches(
  wanted: ReadonlySet<string>,
  rounds: Rounds,
  beside: string | undefined,
): Promise<Section> {
  return withSurroundings(async ({ upstream, redis, generator, keep }) => {
    const start = async (checkout?: string) =>
      keep(await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url, checkout }))
    const gateway = await start()
    const other = beside === undefined ? undefined : await start(beside)
    const contestant = (
      name: string,
      list: string,
      accounts: number,
      { authorization, pid, port }: RunningGateway,
    ): Contestant => ({
      name,
      pid,
      helperPid: redis.pid,
      unitsPerRequest: contacts,
      run: (seconds) =>
        generator.run({ kind: 'batch', authorization, list, contacts, accounts }, { port, connections, seconds }),
    })
    const all = [
      ...(wanted.has('D') ? [contestant(names.D, 'one', 1, gateway)] : []),
      ...(wanted.has('E') ? [contestant(names.E, 'three', 3, gateway)] : []),
      ...(wanted.has('D') && other ? [contestant(nameBeside(names.D, beside), 'one', 1, other)] : []),
      ...(wanted.has('E') && other ? [contestant(nameBeside(names.E, beside), 'three', 3, other)] : []),
    ]
    const measured = await measureInRounds(all, rounds)
    const goals: Readonly<Record<string, number>> = { [names.D]: 60_000, [names.E]: 25_000 }
    return {
      id: [...wanted].filter((id) => id === 'D' || id === 'E').join(''),
      title: `Batches of ${contacts} (D, E)`,
      how: `POST /lists/…/contacts with a fresh Idempotency-Key each over ${connections} connections, Redis store. One account: Oblic, five calls a batch. Three: also Octopush (three calls) and Vobiz (one file). Every result of every answer is looked at.`,
      columns: measuredColumns('contacts'),
      rows: measured.map(measuredRow),
      reach: [
        ...measured.flatMap(({ name, perSecond }) =>
          goals[name] === undefined ? [] : [atLeast(`2. ${name}`, goals[name], ' contacts/s', perSecond)],
        ),
        ...costBeside(measured, beside),
      ],
      figures: measured,
    }
  })
}
