import type { Channel } from '../providers/account.ts'
import type { Adapter } from '../providers/adapter-port.ts'
import type { Credentials } from '../providers/probing.ts'
import type { Surroundings } from './make-calls.ts'

/** Opens a way to the provider with these headers for credentials; `usesToken`: with a token, where the account has them. */
export type OpenWay = (authHeaders: Readonly<Record<string, string>>, usesToken: boolean) => Channel

/** The ways to one account, one for each kind of credentials; each is opened when it is needed. */
export function openWays(
  adapter: Pick<Adapter, 'authHeaders'>,
  credentials: Readonly<Record<string, string>>,
  timeoutMs: number,
  open: OpenWay,
): Pick<Surroundings, 'send'> & { close(): Promise<void> } {
  const ways = new Map<Credentials, Channel>()
  const wayFor = (as: Credentials): Channel => {
    const known = ways.get(as)
    if (known !== undefined) return known
    const way = open(headersFor(as, adapter, credentials), as === 'own')
    ways.set(as, way)
    return way
  }
  return {
    send: (request, as) => wayFor(as).send(request, { timeoutMs }),
    close: async () => {
      await Promise.all([...ways.values()].map((way) => way.close()))
    },
  }
}

function headersFor(
  as: Credentials,
  { authHeaders }: Pick<Adapter, 'authHeaders'>,
  credentials: Readonly<Record<string, string>>,
): Record<string, string> {
  if (as === 'none') return {}
  if (as === 'wrong')
    return authHeaders(Object.fromEntries(Object.keys(credentials).map((name) => [name, 'cgw-verify-wrong'])))
  const own = authHeaders({ ...credentials })
  if (as === 'own') return own
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [inOtherCase(name), value]))
}

function inOtherCase(name: string): string {
  const lower = name.toLowerCase()
  return lower === name ? name.toUpperCase() : lower
}
