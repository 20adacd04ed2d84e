import { type Changes, startGateway, type TestGateway } from '../support/start-gateway.ts'
import { pigeon } from './pigeon/index.ts'
import { createPigeonSimulator, type PigeonSimulator, pigeonCredentials } from './pigeon-simulator.ts'

export type PigeonGateway = TestGateway & { readonly pigeon: PigeonSimulator }

/** A gateway with an account `pigeon` at the made-up provider, and a list `birds` there. */
export async function startPigeon(account: object = {}, changes: Changes = {}): Promise<PigeonGateway> {
  const simulator = createPigeonSimulator()
  await simulator.listen()
  const entry = { provider: 'pigeon', credentials: pigeonCredentials, baseUrl: simulator.baseUrl, ...account }
  const gateway = await startGateway({
    ...changes,
    adapters: [pigeon],
    accounts: { pigeon: entry, ...changes.accounts },
    lists: { birds: { targets: [{ account: 'pigeon', list: 'birds' }] }, ...changes.lists },
  })
  const close = async () => {
    await gateway.close()
    await simulator.close()
  }
  return { ...gateway, pigeon: simulator, close }
}
