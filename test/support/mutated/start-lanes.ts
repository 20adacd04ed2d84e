import { defaultCredentials, startSimulators } from '../../../src/simulators/start.ts'
import { startGateway, type TestGateway } from '../start-gateway.ts'
import { type Lane, oblicList, type Provider, providers, startMutatedProvider } from './mutated-provider.ts'

/** A gateway in front of mutated providers. Each lane has an account at each, and lists of its own. */
export type Lanes = {
  readonly gateway: TestGateway
  readonly lanes: readonly Lane[]
  close(): Promise<void>
}

export const accountOf = (provider: Provider, { number }: Lane): string => `${provider}-${number}`
/** The list at all three, or at one of them. */
export const listOf = (at: Provider | 'all', { number }: Lane): string => `${at}-list-${number}`
/** How the providers know the list. */
export const listNames: Readonly<Record<Provider, string>> = {
  oblic: oblicList,
  octopush: 'newsletter',
  vobiz: 'newsletter',
}

const targets = {
  oblic: { list: listNames.oblic },
  octopush: { list: listNames.octopush },
  vobiz: { tag: listNames.vobiz },
}

export async function startLanes(count: number): Promise<Lanes> {
  const provider = await startMutatedProvider(count)
  const simulators = await startSimulators()
  const accounts = provider.lanes.flatMap((lane) =>
    providers.map((id) => [accountOf(id, lane), accountAt(id, provider.url, lane)]),
  )
  const lists = provider.lanes.flatMap((lane) => [
    [listOf('all', lane), { targets: providers.map((id) => targetAt(id, lane)) }],
    ...providers.map((id) => [listOf(id, lane), { targets: [targetAt(id, lane)] }]),
  ])
  const gateway = await startGateway(
    {
      accounts: Object.fromEntries(accounts),
      lists: Object.fromEntries(lists),
      limits: { importsPerClient: 10_000, streamsPerClient: 10_000 },
    },
    simulators,
  )
  const close = async () => {
    await gateway.close()
    await Promise.all([provider.close(), simulators.close()])
  }
  return { gateway, lanes: provider.lanes, close }
}

/** Where an operator has found out that a batch that is refused is not stored in part. */
export const isolatesRefused = ({ number }: Pick<Lane, 'number'>): boolean => number % 4 === 3

const targetAt = (id: Provider, lane: Lane) => ({ account: accountOf(id, lane), ...targets[id] })

/** Every second lane sends again what may be sent again; some have the settings that their documents leave open. */
function accountAt(id: Provider, url: string, lane: Lane) {
  const { number } = lane
  const { authId, authToken } = defaultCredentials.vobiz
  const credentials = id === 'vobiz' ? { authId, authToken } : defaultCredentials[id]
  return {
    provider: id,
    credentials,
    baseUrl: `${url}/${id}/${number}`,
    retries: number % 2 === 0 ? 0 : 2,
    // What one case met says nothing of the next.
    breaker: { failureRate: 1, minimumCalls: 100_000, openMs: 1 },
    settleAfterMs: 0,
    ...(id === 'oblic' && { defaultList: oblicList, isolateRejected: isolatesRefused(lane) }),
    ...(id === 'octopush' && number % 4 === 2 && { manyTags: 'one call each' }),
    ...(id === 'octopush' && number % 3 === 0 && { defaultList: listNames.octopush }),
  }
}
