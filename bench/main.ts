import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMachine, loadCore } from './machine.ts'

/** The workloads in the order in which they run; A, B and C are measured together, and so are D and E. */
const workloads = [
  'A',
  'B',
  'C',
  'D',
  'E',
  'F',
  'G',
  'steady',
  'allocated',
  'cold',
  'processes',
  'growth',
  'start',
] as const

const usage = `npm run bench -- [workload …] [--rounds 5] [--seconds 3] [--rows 500000] [--keys 100000] [--beside <checkout>]

Workloads: ${workloads.join(' ')}; all of them when none is named. bench/README.md says what they are.
--beside measures the gateway of another checkout in the same rounds (A to F, allocated, cold), without the rivals: before and
after a change.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    rows: { type: 'string', default: '500000' },
    keys: { type: 'string', default: '100000' },
    beside: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const wanted = new Set<string>(positionals.length > 0 ? positionals : workloads)
const strange = [...wanted].filter((name) => !workloads.some((workload) => workload === name))
if (values.help || strange.length > 0) {
  process.stderr.write(`${strange.map((name) => `There is no workload ${name}.\n`).join('')}${usage}\n`)
  process.exit(values.help ? 0 : 64)
}

installRivals()
spawnSync('taskset', ['-cp', String(loadCore), String(process.pid)])
await run()

/** The packages of this folder, and nginx; what is there already is left alone. */
function installRivals(): void {
  const run = (command: string, ...args: string[]) => {
    const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`)
  }
  if (!existsSync(join(import.meta.dirname, 'node_modules'))) run('npm', 'ci', '--prefix', import.meta.dirname)
  for (const [program, name] of [
    ['nginx', 'nginx-light'],
    ['redis-server', 'redis-server'],
  ] as const) {
    if (spawnSync('which', [program]).status === 0) continue
    run('apt-get', 'update', '-qq')
    // Debian may start it as a service, which would take a part of what is measured.
    run('sh', '-c', `apt-get install -y -qq ${name} && (service ${program} stop || true)`)
  }
}

async function run(): Promise<void> {
  const machine = describeMachine()
  const startedAt = new Date()
  const rounds = { rounds: Number(values.rounds), seconds: Number(values.seconds) }
  const few = { ...rounds, rounds: Math.min(3, rounds.rounds) }
  const has = (...names: string[]) => names.some((name) => wanted.has(name))
  const steps = [
    has('A', 'B', 'C') &&
      (async () => (await import('./workloads/singles.ts')).benchSingles(wanted, rounds, values.beside)),
    has('D', 'E') && (async () => (await import('./workloads/batches.ts')).benchBatches(wanted, rounds, values.beside)),
    has('F') &&
      (async () =>
        (await import('./workloads/imports.ts')).benchImports(Number(values.rows), few.rounds, values.beside)),
    has('G') && (async () => (await import('./workloads/memory.ts')).benchMemory(Number(values.keys))),
    has('steady') && (async () => (await import('./workloads/steady.ts')).benchSteady(rounds)),
    has('allocated') &&
      (async () => (await import('./workloads/allocated.ts')).benchAllocated(few.rounds, values.beside)),
    has('cold') && (async () => (await import('./workloads/cold.ts')).benchCold(few.rounds, values.beside)),
    has('processes') && (async () => (await import('./workloads/processes.ts')).benchProcesses(rounds)),
    has('growth') && (async () => (await import('./workloads/growth.ts')).benchGrowth(few)),
    has('start') && (async () => (await import('./workloads/start-up.ts')).benchStart(few.rounds)),
  ].filter((step) => step !== false)
  const sections = []
  for (const step of steps) sections.push(await step())
  const { writeResults } = await import('./report/write-results.ts')
  const text = writeResults({
    command: ['npm run bench', ...process.argv.slice(2)].join(' ').replace('bench ', 'bench -- '),
    startedAt: startedAt.toISOString(),
    minutes: (Date.now() - startedAt.getTime()) / 60_000,
    machine,
    loadAfter: loadavg()[0] ?? 0,
    sections,
  })
  process.stdout.write(`\n${text}\n`)
}
