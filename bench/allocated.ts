import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { root } from './machine.ts'
import { type RunningGateway, startGateway } from './systems/gateway.ts'
import { withSurroundings } from './workloads/surroundings.ts'

/**
 * How many bytes of heap a single add with a key takes beside another checkout: `node bench/allocated.ts <checkout> <other>
 * [rounds]`. Unlike processor time this can be read on a busy machine.
 */
const [, , one = root, other = root, rounds = '3'] = process.argv
const folder = mkdtempSync(join(tmpdir(), 'bench-allocated-'))

async function allocatedBy({ pid }: RunningGateway, file: string): Promise<number> {
  rmSync(file, { force: true })
  process.kill(pid, 'SIGUSR2')
  for (;;) {
    await wait(50)
    try {
      const text = readFileSync(file, 'utf8')
      if (text !== '') return Number(text)
    } catch {
      // Not written yet.
    }
  }
}

await withSurroundings(async ({ upstream, redis, generator }) => {
  for (let round = 0; round < Number(rounds); round++)
    for (const checkout of [one, other]) {
      const file = join(folder, 'allocated')
      const gateway = await startGateway({
        upstreamPort: upstream.port,
        redisUrl: redis.url,
        checkout,
        nodeArguments: ['--import', new URL('load/count-allocations.js', import.meta.url).pathname],
        env: { ALLOCATED_FILE: file },
      })
      const { port, authorization } = gateway
      const load = { kind: 'add', authorization, account: 'vobiz-in' } as const
      await generator.run(load, { port, connections: 16, requests: 6_000 })
      const before = await allocatedBy(gateway, file)
      const { count } = await generator.run(load, { port, connections: 16, requests: 12_000 })
      const bytes = (await allocatedBy(gateway, file)) - before
      console.log(`${(bytes / count).toFixed(0).padStart(7)} bytes a request of ${count}, ${checkout}`)
      await gateway.stop()
    }
})
rmSync(folder, { recursive: true })
