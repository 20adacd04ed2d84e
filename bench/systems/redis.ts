import { Redis } from 'ioredis'
import { type Cores, freePort, loadCore, type Started, startPinned } from '../machine.ts'

export type RunningRedis = {
  readonly url: string
  readonly pid: number
  readonly client: Redis
  stop(): Promise<void>
}

/** A `redis-server` on a free port, without persistence. */
export async function startRedis(core: Cores = loadCore): Promise<RunningRedis> {
  const port = await freePort()
  const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction']
  const started: Started = startPinned(['redis-server', '--port', String(port), ...settings], { core })
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null })
  client.on('error', () => {})
  await client.ping()
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: started.pid,
    client,
    async stop() {
      client.disconnect()
      await started.stop()
    },
  }
}
