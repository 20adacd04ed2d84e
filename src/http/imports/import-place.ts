import type { FastifyBaseLogger } from 'fastify'
import { type ImportPlace, type ImportStore, placeLeaseMs } from '../../services/import-store-port.ts'
import { StoreUnavailable } from '../../services/store-port.ts'
import { Problem } from '../problems/problems.ts'
import type { Limits } from '../services.ts'

const renewEveryMs = placeLeaseMs / 3

/** Who wants a place, and how many bytes are to be kept. */
export type WantedPlace = {
  readonly client: string
  /** Absent: what comes in is not kept, so that nothing else has to go for it. */
  readonly bytes?: number
  /** Whether it is asked for under an idempotency key, which the store would keep. */
  readonly keyed?: boolean
  readonly log: FastifyBaseLogger
}

/**
 * Takes a place for an import, or for a file that is looked at, before anything of it is read, and keeps it while the work goes on. It is given back in the
 * end; where the import was published, it counts by itself by then.
 * @throws Problem where the client has no place left
 */
export async function inPlace<T>(
  imports: Pick<ImportStore, 'takePlace'>,
  limits: Pick<Limits, 'importsPerClient' | 'storedBytesPerClient'>,
  { client, bytes, keyed = false, log }: WantedPlace,
  work: (place: ImportPlace) => Promise<T>,
): Promise<T> {
  const { importsPerClient: most, storedBytesPerClient: mostBytes } = limits
  const wanted = bytes === undefined ? { most, ...noBytes } : { most, bytes, mostBytes }
  const place = await imports.takePlace(client, wanted).catch((error) => {
    if (keyed && error instanceof StoreUnavailable)
      throw new Problem('idempotency-unavailable', { retryAfterSeconds: 1 })
    throw error
  })
  if (place === 'imports') throw tooMany(most)
  if (place === 'bytes') throw tooMuch(mostBytes)
  for (const importId of place.deleted) log.info({ event: 'import', importId, client }, deletedForRoom)
  // Where the store is away for a while, the next time may do.
  const timer = setInterval(() => place.renew().catch(() => {}), renewEveryMs).unref()
  try {
    return await work(place)
  } finally {
    clearInterval(timer)
    // It runs out by itself.
    await place.giveBack().catch(() => {})
  }
}

/** Also where more is kept than there may be. */
const noBytes = { bytes: 0, mostBytes: Number.MAX_SAFE_INTEGER }

const deletedForRoom =
  'An import that had ended was deleted with its reports, to make room for the next one of its client.'

function tooMany(most: number): Problem {
  return new Problem('too-many-imports', {
    detail: `This client has ${most} imports that are unfinished or come in, which is the limit. Wait for one to end.`,
    retryAfterSeconds: 30,
  })
}

function tooMuch(mostBytes: number): Problem {
  return new Problem('too-many-imports', {
    detail: `The imports of this client would take more than ${mostBytes} bytes, which is the limit, even without those that have ended. Wait for one to end, or split the file.`,
    retryAfterSeconds: 30,
  })
}
