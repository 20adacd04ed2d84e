import { randomBytes } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createKey } from '../../src/config/client-directory.ts'
import { builtProgram, startArguments } from '../../scripts/start-arguments.ts'
import { type Cores, root, startPinned, testedCore } from '../machine.ts'

export type RunningGateway = {
  readonly port: number
  readonly pid: number
  readonly authorization: string
  /** The folder of the embedded store. */
  readonly dataDir: string
  stop(): Promise<void>
}

export type GatewayOptions = {
  readonly upstreamPort: number
  /** Without it the embedded store. */
  readonly redisUrl?: string
  /** Where it may run; several for several processes. */
  readonly core?: Cores
  /** Endpoints that are told of events. */
  readonly webhooks?: number
  /** Lists and clients that are configured beside the ones that are used. */
  readonly bystanders?: number
  readonly nodeArguments?: readonly string[]
  /** Runs the sources and not the bundle: profiles name their files then. */
  readonly sources?: boolean
  /** Another checkout of this project, whose gateway is started; this one's own when it is not given. */
  readonly checkout?: string | undefined
  /** More variables of its environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** Places for calls to each account, as many as the load has connections and the rivals have to the upstream. */
const places = 64
const oblicList = 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7'

/**
 * The gateway as the image runs it, with the heap of `npm start`: production settings, metrics, `LOG_LEVEL=info` with its log in a file, and a
 * configuration with all three providers.
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { redisUrl, core = testedCore, nodeArguments = [], checkout = root } = options
  const folder = mkdtempSync(join(tmpdir(), 'bench-gateway-'))
  const { key, hash } = createKey('bench')
  const config = join(folder, 'gateway.json')
  writeFileSync(config, JSON.stringify(documentOf(options, hash)))
  const dataDir = join(folder, 'data')
  const log = join(folder, 'gateway.log')
  const file = openSync(log, 'w')
  const { flags, file: source } = startArguments(checkout)
  const program = options.sources === true ? source : builtProgram(checkout)
  const started = startPinned([process.execPath, ...flags, ...nodeArguments, program], {
    core,
    stdout: file,
    env: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      DRAIN_DELAY_MS: '0',
      GATEWAY_CONFIG: config,
      LOG_LEVEL: 'info',
      DATA_DIR: dataDir,
      ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
      ...options.env,
    },
  })
  closeSync(file)
  const port = await listeningPort(log, () => started.child.exitCode)
  return {
    port,
    pid: started.pid,
    authorization: `Bearer ${key}`,
    dataDir,
    async stop() {
      await started.stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function listeningPort(log: string, exitCode: () => number | null): Promise<number> {
  for (;;) {
    const text = readFileSync(log, 'utf8')
    const [, port] = /"event":"listening","url":"http:\/\/[^"]*:(\d+)"/.exec(text) ?? []
    if (port !== undefined) return Number(port)
    if (exitCode() !== null) throw new Error(`the gateway ended with ${exitCode()}:\n${text}`)
    await wait(2)
  }
}

function documentOf({ upstreamPort, bystanders = 0, webhooks = 0 }: GatewayOptions, hash: string) {
  const upstream = `http://127.0.0.1:${upstreamPort}`
  const others = Array.from({ length: bystanders }, (_, n) => n)
  const client = (keyHash: string, lists: readonly string[]) => ({
    keys: [{ hash: keyHash }],
    networks: ['127.0.0.0/8'],
    scopes: ['contacts:read', 'contacts:write', 'imports'],
    lists,
    accounts: ['*'],
    rateLimit: { requests: 10_000_000, windowSeconds: 60 },
  })
  // Told of nothing while all accounts answer; where they are is not asked before.
  const endpoints = Array.from({ length: webhooks }, (_, n) => ({
    url: `https://hooks.example.com/${n}`,
    secrets: [`whsec_${randomBytes(32).toString('base64')}`],
    events: ['import.finished', 'account.unavailable', 'account.recovered', 'account.changed'],
  }))
  return {
    accounts: {
      'oblic-main': {
        provider: 'oblic',
        credentials: { apiKey: 'bench-bench-bench' },
        baseUrl: upstream,
        maxConcurrency: places,
      },
      'octopush-fr': {
        provider: 'octopush',
        credentials: { apiLogin: 'bench@example.com', apiKey: 'bench-bench-bench' },
        baseUrl: `${upstream}/v1/public`,
        maxConcurrency: places,
      },
      // With e-mails as attributes a batch would go one by one: dropped, it goes as one file, as a user would have it.
      'vobiz-in': {
        provider: 'vobiz',
        credentials: { authId: 'bench-bench', authToken: 'bench-bench-bench' },
        baseUrl: `${upstream}/api/v1/messaging`,
        maxConcurrency: places,
      },
      'vobiz-files': {
        provider: 'vobiz',
        credentials: { authId: 'bench-bench', authToken: 'bench-bench-bench' },
        baseUrl: `${upstream}/api/v1/messaging`,
        emailAttribute: null,
        maxConcurrency: places,
      },
    },
    lists: {
      one: { targets: [{ account: 'oblic-main', list: oblicList }] },
      three: {
        targets: [
          { account: 'oblic-main', list: oblicList },
          { account: 'octopush-fr', list: 'newsletter' },
          { account: 'vobiz-files', tag: 'newsletter' },
        ],
      },
      ...Object.fromEntries(others.map((n) => [`list-${n}`, { targets: [{ account: 'vobiz-in', tag: `list ${n}` }] }])),
    },
    clients: {
      bench: { ...client(hash, ['*']), ...(webhooks > 0 && { webhooks: endpoints }) },
      ...Object.fromEntries(others.map((n) => [`client-${n}`, client(createKey(`client-${n}`).hash, [`list-${n}`])])),
    },
  }
}
