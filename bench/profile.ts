import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csvOf } from '../scripts/bench-import/people.ts'
import type { RequestKind } from './load/requests.ts'
import type { Generator } from './load/start-generator.ts'
import { root } from './machine.ts'
import { type RunningGateway, startGateway } from './systems/gateway.ts'
import type { Upstream } from './systems/start-upstream.ts'
import { runImport } from './workloads/imports.ts'
import { withSurroundings } from './workloads/surroundings.ts'

/**
 * Where the time of a workload goes: `node bench/profile.ts A 8 [checkout]` makes eight seconds of load (F: one import) under
 * `--cpu-prof` and prints the functions and the files that take the most. The profile stays for a viewer.
 */
type Node = {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  readonly children?: readonly number[]
}
type Profile = {
  readonly nodes: readonly Node[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const [, , workload = 'A', seconds = '8', checkout = root] = process.argv
const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'))

await withSurroundings(async ({ upstream, redis, generator }) => {
  const gateway = await startGateway({
    upstreamPort: upstream.port,
    checkout,
    sources: true,
    ...(workload !== 'B' && { redisUrl: redis.url }),
    nodeArguments: ['--cpu-prof', `--cpu-prof-dir=${folder}`],
  })
  const count = workload === 'F' ? await importRows(gateway, upstream) : await addContacts(gateway, generator)
  await gateway.stop()
  const [file = ''] = globSync(join(folder, '*.cpuprofile'))
  print(JSON.parse(readFileSync(file, 'utf8')) as Profile, count)
  console.log(`\n${count} requests, or rows; the profile: ${file}`)
})

/** An import of 200,000 rows; returns how many. */
async function importRows(gateway: RunningGateway, upstream: Upstream): Promise<number> {
  const rows = 200_000
  const file = join(folder, 'people.csv')
  writeFileSync(file, [...csvOf(rows)].join(''))
  await runImport(gateway, file, rows, upstream)
  return rows
}

/** Load of the workload; returns the requests that were answered. */
async function addContacts({ port, authorization }: RunningGateway, generator: Generator): Promise<number> {
  const kinds: Readonly<Record<string, RequestKind>> = {
    A: { kind: 'add', authorization, account: 'vobiz-in' },
    B: { kind: 'add', authorization, account: 'vobiz-in' },
    C: { kind: 'replay', authorization, account: 'vobiz-in', keys: 64 },
    D: { kind: 'batch', authorization, list: 'one', contacts: 500, accounts: 1 },
    E: { kind: 'batch', authorization, list: 'three', contacts: 500, accounts: 3 },
  }
  const kind = kinds[workload]
  if (kind === undefined) throw new Error(`no workload ${workload} to profile`)
  if (workload === 'C') await generator.run(kind, { port, connections: 1, requests: 64 })
  const connections = workload === 'D' || workload === 'E' ? 8 : 64
  const { count } = await generator.run(kind, { port, connections, seconds: Number(seconds) })
  return count
}

function print({ nodes, samples, timeDeltas }: Profile, count: number): void {
  const byFunction = new Map<string, number>()
  const byFile = new Map<string, number>()
  const withCalled = new Map<string, number>()
  const nodeOf = new Map(nodes.map((node) => [node.id, node]))
  const parentOf = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = (nodeOf.get(id) as Node).callFrame
    if (functionName === '(idle)') return
    const micros = timeDeltas[index] as number
    const file = fileOf(url)
    const name = nameOf(functionName, url, lineNumber)
    byFunction.set(name, (byFunction.get(name) ?? 0) + micros)
    const group = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file
    byFile.set(group, (byFile.get(group) ?? 0) + micros)
    const callers = new Set<string>()
    for (let at: number | undefined = id; at !== undefined; at = parentOf.get(at)) {
      const { callFrame } = nodeOf.get(at) as Node
      callers.add(nameOf(callFrame.functionName, callFrame.url, callFrame.lineNumber))
    }
    for (const caller of callers) withCalled.set(caller, (withCalled.get(caller) ?? 0) + micros)
  })
  for (const [title, sums, most] of [
    ['files', byFile, 30],
    ['functions', byFunction, 60],
    ['functions and all that they called', withCalled, 90],
  ] as const) {
    console.log(`\nµs a request by ${title}`)
    const sorted = [...sums].sort(([, a], [, b]) => b - a).slice(0, most)
    for (const [name, micros] of sorted) console.log((micros / count).toFixed(2).padStart(8), name)
  }
}

function fileOf(url: string): string {
  return url.replace(/^.*\/(?=src\/|node_modules\/)/, '') || '(native)'
}

function nameOf(name: string, url: string, line: number): string {
  return `${name || '(anonymous)'} ${fileOf(url)}:${line + 1}`
}
