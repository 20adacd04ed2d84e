import { createRandom, type Random } from '../random.ts'
import type { TestGateway } from '../start-gateway.ts'
import type { Lane } from './mutated-provider.ts'
import { startLanes } from './start-lanes.ts'
import { peopleIn } from './strangers.ts'

/** One case, at providers to which nobody else writes meanwhile. */
export type Case = {
  readonly number: number
  readonly random: Random
  readonly lane: Lane
  readonly gateway: TestGateway
  /** What came of it, and how often: what a run asserts would else be true of one in which nothing happens. */
  count(what: string): void
}
export type Act = (one: Case) => Promise<void>

/** `MUTATION_SEED` runs the cases of another run, `MUTATION_CASE` one of them, `MUTATION_CASES` so many. */
export const mutationSeed = Number(process.env.MUTATION_SEED ?? Math.floor(Math.random() * 2 ** 32))
const onlyCase = process.env.MUTATION_CASE === undefined ? undefined : Number(process.env.MUTATION_CASE)
export const casesOf = (usual: number): number => Number(process.env.MUTATION_CASES ?? usual)

/** A gateway is replaced after so many cases, and what it has logged searched and forgotten. */
const casesPerGateway = 2_000
const shownFailures = 20

/** `width`: so many cases at a time. `shares`: in a case, one of these shares of the answers is not as documented. */
export type Running = { readonly width: number; readonly shares: readonly number[] }

/**
 * Runs so many cases, and counts what came of them.
 * @throws an error that tells of each case that failed, what the providers were asked in it and what they said
 */
export async function runCases(
  count: number,
  acts: readonly Act[],
  { width, shares }: Running,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  const failures: string[] = []
  for (let first = 0; first < count; first += casesPerGateway) {
    const { gateway, lanes, close } = await startLanes(width)
    const upTo = Math.min(count, first + casesPerGateway)
    // Which lane a case is in decides on the settings of its accounts, so that chance must not.
    const work = async (lane: Lane) => {
      for (let number = first + lane.number; number < upTo; number += lanes.length) {
        if (onlyCase !== undefined && number !== onlyCase) continue
        const failure = await runCase(number, acts, shares, { lane, gateway, count: (what) => addTo(counts, what) })
        if (failure !== undefined) failures.push(failure)
      }
    }
    await Promise.all(lanes.map(work)).finally(close)
    failures.push(...peopleIn(gateway.logged()).map((found) => `somebody is in the log: ${found}`))
  }
  if (failures.length === 0) return counts
  const shown = failures.slice(0, shownFailures).join('\n\n')
  throw new Error(`${failures.length} of ${count} cases of MUTATION_SEED=${mutationSeed} failed\n${shown}`)
}

/** How it failed, in words. */
async function runCase(
  number: number,
  acts: readonly Act[],
  shares: readonly number[],
  surroundings: Pick<Case, 'lane' | 'gateway' | 'count'>,
): Promise<string | undefined> {
  const { lane } = surroundings
  const random = createRandom(mutationSeed ^ Math.imul(number + 1, 0x9e3779b1))
  const act = random.pick(acts)
  lane.begin(random.int(2 ** 32), random.pick(shares))
  try {
    await act({ number, random, ...surroundings })
    return undefined
  } catch (error) {
    const said = lane.said.map(({ asked, said, isOdd }) => `${isOdd ? '!' : ' '} ${asked}\n    ${JSON.stringify(said)}`)
    const { message, actual, expected } = error as Error & { readonly actual?: unknown; readonly expected?: unknown }
    const seen = `${JSON.stringify(actual)}\n  instead of ${JSON.stringify(expected)}`
    return `case ${number}, ${act.name}, in lane ${lane.number}: ${message}\n  ${seen}\n${said.join('\n')}`
  }
}

function addTo(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}
