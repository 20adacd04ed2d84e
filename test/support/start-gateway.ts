import { Writable } from 'node:stream'
import { pino } from 'pino'
import { Agent } from 'undici'
import { composeGateway, type Gateway } from '../../src/compose.ts'
import { createKey } from '../../src/config/client-directory.ts'
import { checkConfig } from '../../src/config/load.ts'
import type { Adapter } from '../../src/providers/adapter-port.ts'
import { registry } from '../../src/providers/registry.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'

type Section = Record<string, Record<string, unknown>>

/** Changes to the document that a test gateway is made of, entry by entry. */
export type Changes = {
  readonly server?: Record<string, unknown>
  readonly limits?: Record<string, unknown>
  readonly store?: Record<string, unknown>
  /** Merged into the accounts of the same name. */
  readonly accounts?: Section
  readonly lists?: Section
  /** Merged into the client `crm`; further clients get keys of their own. */
  readonly clients?: Section
  readonly env?: Record<string, string>
  /** Providers beside those that are shipped. */
  readonly adapters?: readonly Adapter[]
}

export type TestGateway = {
  readonly url: string
  /** With the variable `METRICS_PORT`. */
  readonly metricsUrl: string | undefined
  readonly simulators: RunningSimulators
  readonly gateway: Gateway
  /** The key of the client `crm`, or of another one in the document. */
  key(client?: string): string
  /** Takes a configuration over that has other clients. */
  changeClients(change: (clients: Section) => Section): void
  /** Takes a configuration over that has other lists, too or instead. */
  changeLists(lists: Section): void
  /** Everything that was logged so far, a line each. */
  logged(): string
  /** `Body` is one of `answer-bodies.ts`; without it nothing is known of the body. */
  // biome-ignore lint/suspicious/noExplicitAny: most tests look into answers whose form is what they test.
  call<Body = any>(method: string, path: string, options?: CallOptions): Promise<Answer<Body>>
  close(): Promise<void>
}

export type CallOptions = {
  readonly body?: unknown
  /** Sent as it is instead of `body`. */
  readonly raw?: string | Buffer
  readonly headers?: Record<string, string>
  /** `null`: without a key. */
  readonly key?: string | null
}

// biome-ignore lint/suspicious/noExplicitAny: as for `call`.
export type Answer<Body = any> = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Body
}

/**
 * A gateway in front of simulators, put together as in production and listening on a free port; all traffic is real
 * HTTP. The client `crm` may do everything from loopback.
 */
export async function startGateway(changes: Changes = {}, running?: RunningSimulators): Promise<TestGateway> {
  const simulators = running ?? (await startSimulators())
  const { accounts, lists } = gatewayDocument(simulators)
  const keys = new Map<string, string>()
  const client = (id: string, entry: Record<string, unknown> = {}) => {
    const { key, hash } = createKey(id)
    keys.set(id, key)
    return { ...everything, ...scopesFor(entry), keys: [{ hash }], ...entry }
  }
  const clientEntries = Object.entries({ crm: {}, ...changes.clients }).map(([id, entry]) => [id, client(id, entry)])
  const document = {
    // A quarter of a start; who is about them turns them on.
    server: { docs: false, ...changes.server },
    // The tests share the process with what they test: how long its event loop is held up says nothing of the gateway.
    limits: { overloadDelayMs: 60_000, ...changes.limits },
    store: changes.store ?? {},
    accounts: merge(accounts, changes.accounts),
    lists: { ...lists, ...changes.lists },
    clients: Object.fromEntries(clientEntries),
  }
  const adapters = new Map([...registry, ...(changes.adapters ?? []).map((adapter) => [adapter.id, adapter] as const)])
  const read = (clients = document.clients, lists: Section = {}) => {
    const checked = checkConfig(
      { ...document, clients, lists: { ...document.lists, ...lists } },
      { DATA_DIR: ':memory:', PORT: '0', ...changes.env },
      { adapters },
    )
    if ('mistakes' in checked) throw new Error(JSON.stringify(checked.mistakes))
    return checked.config
  }
  const lines: string[] = []
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk))
      done()
    },
  })
  const gateway = await composeGateway(read(), pino({ level: 'debug' }, sink), build)
  const { url, metricsUrl } = await gateway.listen()
  const connections = new Agent()

  const call = async (
    method: string,
    path: string,
    { body, raw, headers = {}, key = keys.get('crm') as string }: CallOptions = {},
  ) => {
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(payload !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload !== undefined && { body: payload }),
      dispatcher: connections as unknown as NonNullable<RequestInit['dispatcher']>,
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
  }
  return {
    url,
    metricsUrl,
    simulators,
    gateway,
    key: (id = 'crm') => keys.get(id) as string,
    logged: () => lines.join(''),
    changeClients: (change) => gateway.reload(read(change(document.clients))),
    changeLists: (lists) => gateway.reload(read(document.clients, lists)),
    call,
    close: async () => {
      // A caller that hangs up is not waited for: a gateway that closes gives one with an idle connection a moment.
      const hungUp = connections.closed ? undefined : connections.close()
      await Promise.all([gateway.close(), hungUp])
      if (running === undefined) await simulators.close()
    },
  }
}

const build = { version: '0.0.0-test', revision: 'c0ffee' }

/** A client with some accounts alone may not have all scopes. */
function scopesFor(entry: Section[string]) {
  return entry.accounts === undefined ? {} : { scopes: everything.scopes.filter((scope) => scope !== 'erasures') }
}

const everything = {
  networks: ['127.0.0.0/8', '::1/128'],
  scopes: [
    'contacts:read',
    'contacts:write',
    'imports',
    'suppressions:read',
    'suppressions:write',
    'people:read',
    'erasures',
    'admin',
  ],
  lists: ['*'],
  accounts: ['*'],
  rateLimit: { requests: 1_000_000, windowSeconds: 60 },
}

function merge(base: Section, changes: Section = {}): Section {
  const ids = new Set([...Object.keys(base), ...Object.keys(changes)])
  return Object.fromEntries([...ids].map((id) => [id, { ...base[id], ...changes[id] }]))
}
