import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import type { GatewayConfig } from './config/schema.ts'
import { storeKeys } from './config/store-key.ts'
import type { NotReady } from './http/services.ts'
import { openUploadFolder, type UploadFolder } from './imports/file/upload-folder.ts'
import { type Store, StoreUnavailable } from './services/store-port.ts'
import { openStore } from './store/open-store.ts'
import type { Unreadable } from './store/sealing/sealer.ts'
import { WrongStoreKey } from './store/wrong-store-key.ts'

/** Why the store keeps requests from being served, if it does. */
export async function storeProblem(store: Store, requireNoEviction: boolean): Promise<NotReady | undefined> {
  try {
    await store.ping()
    const [worry] = requireNoEviction ? await store.diagnose() : []
    return worry === undefined ? undefined : { slug: 'idempotency-unavailable', detail: worry }
  } catch (error) {
    if (error instanceof StoreUnavailable) return { slug: 'idempotency-unavailable', detail: whyAway(error) }
    throw error
  }
}

const storeAway = 'The store cannot be reached. Until it can, imports and requests with an Idempotency-Key are refused.'

/** Where uploads wait on disk; the log tells when it fails, and when it works again. */
export function uploadsOf({ dataDir }: GatewayConfig, logger: FastifyBaseLogger): UploadFolder {
  const folder = dataDir === ':memory:' ? tmpdir() : join(dataDir, 'uploads')
  return openUploadFolder(folder, (trouble) => {
    if (trouble === undefined) logger.info({ event: 'uploads' }, 'The folder of uploads works again.')
    else logger.error({ event: 'uploads', code: trouble.code }, uploadsFail)
  })
}

const uploadsFail = 'Uploads are refused: the folder of uploads cannot be written. Make room on its disk, or mend it.'

/** A process that only works off imports is sent none, and needs no folder. */
export async function uploadProblem(uploads: UploadFolder, { role }: GatewayConfig): Promise<NotReady | undefined> {
  if (role === 'worker') return undefined
  const trouble = await uploads.check()
  return trouble && { slug: 'store-unavailable', detail: `${uploadsFail} (${trouble.code})` }
}

/** Opens the store, and logs when it is lost and back, and what is wrong with its settings. */
export async function openWatchedStore(
  { redisUrl, dataDir, storeKey }: GatewayConfig,
  logger: FastifyBaseLogger,
  onUnreadable: (unreadable: Unreadable) => void,
): Promise<Store> {
  let isUp = redisUrl === undefined
  let opened: Store | undefined
  const store = await openStore({
    redisUrl: redisUrl?.reveal(),
    dataDir,
    keys: storeKeys(storeKey),
    onConnection: (up, reason) => {
      logger[up ? 'info' : 'error']({ event: 'store', up }, reason)
      isUp = up
      if (up && opened !== undefined) void warnOfStore(opened, logger)
    },
    onUnreadable: (unreadable) => {
      logger.error({ event: 'unreadable', ...unreadable }, cannotBeOpened)
      onUnreadable(unreadable)
    },
  })
  opened = store
  if (isUp) void warnOfStore(store, logger)
  return store
}

const cannotBeOpened = 'Something that is stored cannot be opened: it was changed, or its key is not in STORE_KEY.'

async function warnOfStore(store: Store, logger: FastifyBaseLogger): Promise<void> {
  const worries = await store
    .diagnose()
    .then(async (own) => [...own, ...(await store.suppressions.diagnose())])
    .catch((error) => [whyAway(error)])
  for (const worry of worries) logger.warn({ event: 'store' }, worry)
}

/** In the words of the operator. */
function whyAway(error: unknown): string {
  return error instanceof WrongStoreKey ? `STORE_KEY ${error.message}` : storeAway
}
