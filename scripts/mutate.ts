import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Copy, copyCheckout, type Fate } from './mutate/checkout.ts'
import { chooseMutants, findMutants, type Mutant } from './mutate/find-mutants.ts'
import { nearestTests, type Sources } from './mutate/nearest-tests.ts'

/**
 * `npm run mutate`: changes src/ in 200 places, one at a time in a copy of the checkout, and counts the changes that the
 * tests notice. The seed is printed; with `--seed` the same places are chosen again.
 *
 *   npm run mutate -- --seed 7 --mutants 200 --files 'domain/.*'
 *   npm run mutate -- --seed 7 --against ../other-checkout
 *   npm run mutate -- --command 'npx vitest run test/http'
 *
 * A mutant is run against the tests that import its file, or those nearest to doing so, `--most` of them: what they do
 * not notice others may, so that the share is a lower bound. With `--against` the places are those that both checkouts
 * have, and each mutant is run in both; exits with 1 when this checkout kills fewer.
 */
const { values: given } = parseArgs({
  options: {
    seed: { type: 'string' },
    mutants: { type: 'string', default: '200' },
    /** A pattern for the paths in src/. */
    files: { type: 'string', default: '.*' },
    /** The other checkout; it needs its libraries. */
    against: { type: 'string' },
    /** What is run instead of the nearest tests; its exit code tells. */
    command: { type: 'string' },
    most: { type: 'string', default: '8' },
    /** How long one mutant may take; longer is an endless loop, which is noticed. */
    seconds: { type: 'string', default: '180' },
  },
})
const seed = Number(given.seed ?? Math.floor(Math.random() * 2 ** 31))
const checkouts = [join(import.meta.dirname, '..'), ...(given.against === undefined ? [] : [resolve(given.against)])]
const copies = checkouts.map((checkout) => copyCheckout(checkout, Number(given.seconds) * 1_000))
process.once('exit', () => {
  for (const copy of copies) copy.remove()
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const mutantsOf = copies.map(({ sources }) => allMutants(sources))
const common = [...(mutantsOf[0]?.values() ?? [])].filter(({ key }) => mutantsOf.every((mutants) => mutants.has(key)))
const chosen = chooseMutants(common, seed, Number(given.mutants))
console.log(`seed ${seed}: ${chosen.length} of ${common.length} mutants`)

const commandsOf = await Promise.all(copies.map((copy) => readCommands(copy)))
const kills = copies.map(() => 0)
for (const [number, { key, file, line, was, becomes }] of chosen.entries()) {
  const fates: Fate[] = []
  for (const [index, copy] of copies.entries()) {
    const command = commandsOf[index]?.(`src/${file}`)
    const fate = command === undefined ? 'survived' : await copy.runWith(mutantsOf[index]?.get(key) as Mutant, command)
    if (fate !== 'survived') kills[index] = (kills[index] ?? 0) + 1
    fates.push(fate)
  }
  const differs = new Set(fates.map((fate) => fate === 'survived')).size > 1 ? ' (differs)' : ''
  console.log(`${number + 1} ${fates.join(' / ')}${differs}: src/${file}:${line} ${short(was)} → ${short(becomes)}`)
}
for (const [index, checkout] of checkouts.entries())
  console.log(`${kills[index]} of ${chosen.length} killed in ${checkout}`)
process.exitCode = (kills[0] ?? 0) < (kills[1] ?? 0) ? 1 : 0

function allMutants(sources: Sources): ReadonlyMap<string, Mutant> {
  const pattern = new RegExp(`^src/(?:${given.files})$`)
  const mutants = [...sources]
    .filter(([path]) => pattern.test(path))
    .flatMap(([path, text]) => findMutants(path.slice('src/'.length), text))
  return new Map(mutants.map((mutant) => [mutant.key, mutant]))
}

/**
 * The command for a file of src/; none where no test reaches it. Tests that fail without a mutant would kill every one:
 * they are named, and left out.
 */
async function readCommands(copy: Copy): Promise<(file: string) => readonly string[] | undefined> {
  const { command } = given
  if (command !== undefined) {
    const shell = ['sh', '-c', command]
    if (!(await copy.succeeds(shell))) throw new Error(`"${command}" fails without a mutant too`)
    return () => shell
  }
  const files = new Set(chosen.map((mutant) => `src/${mutant.file}`))
  const testsOf = new Map([...files].map((file) => [file, nearestTests(file, copy.sources, Number(given.most))]))
  const failing = await copy.failing([...new Set([...testsOf.values()].flat())])
  for (const test of failing) console.log(`left out, it fails without a mutant too: ${test}`)
  return (file) => {
    const tests = testsOf.get(file)?.filter((test) => !failing.includes(test)) ?? []
    return tests.length === 0 ? undefined : ['npx', 'vitest', 'run', '--bail', '1', ...tests]
  }
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 50 ? `${line.slice(0, 49)}…` : line || 'nothing'
}
