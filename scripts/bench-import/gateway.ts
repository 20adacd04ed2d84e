import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Pool } from 'undici'
import { createKey } from '../../src/config/client-directory.ts'
import { builtProgram, startArguments } from '../start-arguments.ts'
import type { Started } from './simulators.ts'

const root = join(import.meta.dirname, '../..')

/** A gateway process under measurement. */
export type MeasuredGateway = {
  readonly pool: Pool
  readonly authorization: string
  /** Asks Vobiz' simulator of the import for what it does not have: shows how long callers wait for it to answer at all. */
  askProvider(): Promise<void>
  /** Of the process since it started, in MB: resident at its peak, and now. */
  memory(): { readonly peak: number; readonly now: number }
  /** Seconds of processor time that it has used. */
  cpuSeconds(): number
  stop(): Promise<void>
}

/** Starts the bundle in front of the simulators, over Redis or with a SQLite file of its own. */
export async function startMeasured(
  { accounts, lists }: Started,
  redisUrl: string | undefined,
  nodeArguments: readonly string[] = [],
): Promise<MeasuredGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-import-'))
  const { key, hash } = createKey('bench')
  const client = {
    keys: [{ hash }],
    networks: ['127.0.0.0/8'],
    scopes: ['contacts:read', 'contacts:write', 'imports'],
    lists: ['*'],
    accounts: ['*'],
    rateLimit: { requests: 10_000_000, windowSeconds: 60 },
  }
  const config = join(folder, 'gateway.json')
  writeFileSync(config, JSON.stringify({ server: { docs: false }, accounts, lists, clients: { bench: client } }))
  const { flags } = startArguments(root)
  const child = spawn(process.execPath, [...flags, ...nodeArguments, builtProgram(root)], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      GATEWAY_CONFIG: config,
      LOG_LEVEL: 'info',
      DATA_DIR: join(folder, 'data'),
      ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const url = await listeningUrl(child)
  const provider = new Pool(new URL(accounts['vobiz-in'].baseUrl).origin)
  const pool = new Pool(url, { connections: 16, headersTimeout: 600_000, bodyTimeout: 600_000 })
  const statusOf = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024
  return {
    pool,
    authorization: `Bearer ${key}`,
    async askProvider() {
      const { body } = await provider.request({ method: 'GET', path: '/' })
      await body.dump()
    },
    memory: () => ({ peak: statusOf('VmHWM'), now: statusOf('VmRSS') }),
    cpuSeconds() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')
      return (Number(fields[11]) + Number(fields[12])) / 100
    },
    async stop() {
      await Promise.all([pool.destroy(), provider.destroy()])
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Of what it logs, errors alone are shown. */
function listeningUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
    lines.on('line', (line) => {
      const { level, event, url } = JSON.parse(line) as { level: number; event?: string; url?: string }
      if (event === 'listening' && url !== undefined) resolve(url)
      if (level >= 50) console.error(line)
    })
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)))
  })
}
