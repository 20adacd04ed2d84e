import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { GatewayConfig } from '../config/schema.ts'
import { storeKeys } from '../config/store-key.ts'
import { suppressionKeyBytes } from '../config/suppressions.ts'
import { StoreUnavailable } from '../services/store-port.ts'
import { createLookUp } from '../services/suppressions/look-up.ts'
import { createSuppressionKeys } from '../services/suppressions/suppression-keys.ts'
import { openStore } from '../store/open-store.ts'
import type { People } from './verify-options.ts'

/** Whether a test person is on the suppression list of the gateway's store; `unknown`: it could not be asked. */
export async function findSuppressed(config: GatewayConfig, people: People): Promise<'none' | 'some' | 'unknown'> {
  const { redisUrl, dataDir, storeKey } = config
  // A store that the gateway has not made yet holds nobody, and is not made here.
  if (redisUrl === undefined && !existsSync(join(dataDir, 'gateway.db'))) return 'unknown'
  try {
    const store = await openStore({ redisUrl: redisUrl?.reveal(), dataDir, keys: storeKeys(storeKey), seal: 'look' })
    try {
      if ((await store.suppressions.count()) === 0) return 'none'
      const keys = createSuppressionKeys(store.suppressions, suppressionKeyBytes(config.suppressions))
      const { prepare, lookUp } = createLookUp(store.suppressions, keys)
      const { none } = await lookUp(await prepare(contactsOf(people)))
      return none ? 'none' : 'some'
    } finally {
      await store.close()
    }
  } catch (error) {
    if (error instanceof StoreUnavailable) return 'unknown'
    throw error
  }
}

function contactsOf({ phones, emails }: People) {
  const none = { email: undefined, phone: undefined, whatsapp: undefined }
  return [
    ...phones.map((phone) => ({ ...none, phone, whatsapp: phone })),
    ...emails.map((email) => ({ ...none, email })),
  ]
}
