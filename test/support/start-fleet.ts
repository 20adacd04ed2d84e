import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { createKey } from '../../src/config/client-directory.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { type Door, startDoor } from './start-door.ts'
import { startProcess } from './start-process.ts'

export type FleetOptions = {
  /** Where the processes share their records: a Redis, or the fleet's own folder with SQLite. */
  readonly redisUrl?: string | undefined
  readonly replicas?: number
  /** More variables of the environment of each. */
  readonly env?: Readonly<Record<string, string>>
  readonly store?: Readonly<Record<string, unknown>>
  readonly limits?: Readonly<Record<string, unknown>>
  /** The processes reach the simulators through doors. */
  readonly doors?: boolean
  /** Further clients, by id: their keys are in `Fleet.keys`. */
  readonly clients?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Merged into the accounts of the same name. */
  readonly accounts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Beside or instead of the usual ones. */
  readonly lists?: Lists
}

type Lists = Readonly<Record<string, unknown>>

type Clients = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export type Provider = 'oblic' | 'octopush' | 'vobiz'
export const accountOf = { oblic: 'oblic-main', octopush: 'octopush-fr', vobiz: 'vobiz-in' } as const
export const providers: readonly Provider[] = ['oblic', 'octopush', 'vobiz']

/** Gateway processes with one configuration, in front of simulators that live in the test's own process. */
export type Fleet = {
  readonly simulators: RunningSimulators
  /** The keys of all clients, by id. */
  readonly keys: ReadonlyMap<string, string>
  /** Writes a configuration with other clients, which the processes take over. */
  changeClients(change: (clients: Clients) => Clients): void
  /** The same with other lists, too or instead. */
  changeLists(lists: Lists): void
  /** Of the embedded store. */
  readonly dataDir: string
  /** With the option `doors`: the ways to the simulators. */
  readonly doors: Readonly<Record<Provider, Door>>
  /** Those that were started at the beginning. */
  readonly replicas: readonly Replica[]
  /** One of them by its number, counted round. */
  nth(number: number): Replica
  /** One more process, with more variables of the environment if need be. */
  start(env?: Readonly<Record<string, string>>): Promise<Replica>
  /** Kills what still runs, closes the simulators and removes the folder. */
  close(): Promise<void>
}

/** One gateway process. */
export type Replica = {
  readonly url: string
  readonly pid: number
  /** The header of its client. */
  readonly authorization: string
  /** Everything that it printed so far. */
  output(): string
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>
  call(method: string, path: string, options?: CallOptions): Promise<Reply>
  /** Adds a batch to a list, `newsletter` unless told otherwise. */
  add(contacts: readonly unknown[], options?: AddOptions): Promise<Reply>
  /** SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGSTOP and SIGCONT. */
  freeze(): void
  thaw(): void
}

export type CallOptions = {
  readonly body?: unknown
  /** Sent as it is instead of `body`; its type is to be among the headers. */
  readonly raw?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export type AddOptions = {
  readonly key?: string
  readonly list?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose form is what they test.
  readonly body: any
}

/** Starts simulators and processes; when one of them does not come up, none is left. */
export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-fleet-'))
  const simulators = await startSimulators()
  const doors = await openDoors(options.doors ? simulators : undefined)
  const created = Object.keys({ crm: {}, ...options.clients }).map((id) => [id, createKey(id)] as const)
  const keys = new Map(created.map(([id, { key }]) => [id, key]))
  const config = join(folder, 'gateway.json')
  const document = documentOf(simulators, doors, new Map(created.map(([id, { hash }]) => [id, hash])), options)
  const changeClients = (change: (clients: Clients) => Clients) =>
    writeFileSync(config, JSON.stringify({ ...document, clients: change(document.clients) }))
  const changeLists = (lists: Lists) =>
    writeFileSync(config, JSON.stringify({ ...document, lists: { ...document.lists, ...lists } }))
  changeClients((clients) => clients)
  const dataDir = join(folder, 'data')
  const env = {
    GATEWAY_CONFIG: config,
    ...options.env,
    ...(options.redisUrl === undefined ? { DATA_DIR: dataDir } : { REDIS_URL: options.redisUrl }),
  }
  const running = new Set<Replica>()
  const start = async (more: Readonly<Record<string, string>> = {}) => {
    const replica = await startReplica({ ...env, ...more }, keys.get('crm') as string, () => running.delete(replica))
    running.add(replica)
    return replica
  }
  const close = async () => {
    await Promise.all([...running].map((replica) => replica.kill()))
    await Promise.all([...Object.values(doors).map((door) => door.shut()), simulators.close()])
    rmSync(folder, { recursive: true, maxRetries: 5 })
  }
  try {
    const replicas = await allOrNone(Array.from({ length: options.replicas ?? 1 }, () => start()))
    const nth = (number: number) => replicas[number % replicas.length] as Replica
    return { simulators, keys, changeClients, changeLists, dataDir, doors, replicas, nth, start, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** All results, or, once all have ended, the first error. */
async function allOrNone<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}

async function startReplica(env: Readonly<Record<string, string>>, key: string, ended: () => void): Promise<Replica> {
  const started = await startProcess(env)
  const pool = new Pool(started.url, { connections: 64, headersTimeout: 60_000, bodyTimeout: 60_000 })
  const authorization = `Bearer ${key}`
  const call: Replica['call'] = async (method, path, { body, raw, headers = {}, signal } = {}) => {
    const answer = await pool.request({
      method,
      path,
      headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(raw !== undefined && { body: raw }),
      ...(signal !== undefined && { signal }),
    })
    const text = await answer.body.text()
    const isJson = String(answer.headers['content-type']).includes('json')
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text,
      get body() {
        return isJson ? JSON.parse(text) : undefined
      },
    }
  }
  return {
    url: started.url,
    pid: started.child.pid as number,
    authorization,
    output: started.output,
    printed: started.printed,
    ended: started.ended,
    call,
    add: (contacts, { key: idempotencyKey, list = 'newsletter', headers, signal } = {}) =>
      call('POST', `/lists/${list}/contacts`, {
        body: { contacts },
        headers: { ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }), ...headers },
        ...(signal !== undefined && { signal }),
      }),
    async kill() {
      started.child.kill('SIGKILL')
      await started.ended
      ended()
      await pool.destroy()
    },
    freeze: () => void started.child.kill('SIGSTOP'),
    thaw: () => void started.child.kill('SIGCONT'),
  }
}

async function openDoors(simulators: RunningSimulators | undefined): Promise<Record<Provider, Door>> {
  const doors = await Promise.all(
    providers.map(async (provider) => {
      const url = simulators?.[provider].url
      return [provider, url === undefined ? noDoor : await startDoor(Number(new URL(url).port))]
    }),
  )
  return Object.fromEntries(doors)
}

const noDoor: Door = {
  port: 0,
  shut: async () => {},
  open: () => Promise.reject(new Error('this fleet was started without doors')),
}

function documentOf(
  simulators: RunningSimulators,
  doors: Readonly<Record<Provider, Door>>,
  hashes: ReadonlyMap<string, string>,
  { store, limits, accounts = {}, clients = {}, lists = {} }: FleetOptions,
) {
  const document = gatewayDocument(simulators)
  return {
    server: { docs: false },
    store: { leaseMs: 1500, ...store },
    // Processes, tests and whatever else runs share the machine: how long a loop is held up says nothing of the gateway.
    limits: { overloadDelayMs: 60_000, ...limits },
    lists: {
      ...document.lists,
      mail: { targets: [document.lists.newsletter.targets[0]] },
      ...lists,
    },
    accounts: Object.fromEntries(
      providers.map((provider) => {
        const id = accountOf[provider]
        const account = document.accounts[id]
        const baseUrl = new URL(account.baseUrl)
        if (doors[provider] !== noDoor) baseUrl.port = String(doors[provider].port)
        return [id, { ...account, baseUrl: baseUrl.href.replace(/\/$/, ''), ...accounts[id] }]
      }),
    ),
    clients: Object.fromEntries([...hashes].map(([id, hash]) => [id, clientOf(hash, clients[id])])),
  }
}

function clientOf(hash: string, changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    keys: [{ hash }],
    networks: ['127.0.0.0/8'],
    scopes: ['contacts:read', 'contacts:write', 'imports'],
    lists: ['*'],
    accounts: ['*'],
    rateLimit: { requests: 1_000_000, windowSeconds: 60 },
    ...changes,
  }
}
