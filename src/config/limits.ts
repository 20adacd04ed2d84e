import { type Static, Type } from 'typebox'

/** Bytes as a number, or with a unit: 1 KB = 1,024 bytes, 1 MB = 1,024 KB, 1 GB = 1,024 MB. */
const Size = (preset: string) =>
  Type.Union([Type.Integer({ minimum: 1 }), Type.String({ pattern: '^[1-9][0-9]{0,5} ?[KMG]?B$' })], {
    default: preset,
    expects: 'a number of bytes or a size such as 64KB, 2MB, 1GB',
  })
export const Count = (preset: number, minimum = 1, maximum = 10_000_000) =>
  Type.Integer({ minimum, maximum, default: preset })
/** Ten minutes at most: longer values are typing errors. */
export const Milliseconds = (preset: number) => Type.Integer({ minimum: 1, maximum: 600_000, default: preset })

/** The section `limits`: what callers may ask of the gateway. */
export const LimitsSchema = Type.Object(
  {
    jsonBytes: Size('2MB'),
    batchContacts: Count(1_000, 1, 100_000),
    importBytes: Size('50MB'),
    importRows: Count(500_000),
    /** One row of an import. */
    importRowBytes: Size('64KB'),
    /** Imports of one client that are queued or running at once. */
    importsPerClient: Count(20, 1, 10_000),
    /** Of one client: imports and their reports, and what comes in. What has ended goes first, the oldest first. */
    storedBytesPerClient: Size('1GB'),
    /** Imports that one client watches at once, in each process. */
    streamsPerClient: Count(20, 1, 10_000),
    /** New entries of the suppression list that one client makes on a day (UTC). */
    suppressionsPerDay: Count(100_000),
    /** How long it is kept what became of a request; 0: not at all. */
    explainHours: Type.Integer({ minimum: 0, maximum: 720, default: 24 }),
    deadlineMs: Milliseconds(15_000),
    /** Mean delay of the event loop from which new imports are refused; from four times that, all that needs a client. */
    overloadDelayMs: Milliseconds(250),
  },
  { default: {} },
)

/** Sizes are in bytes. */
export type GatewayLimits = { readonly [Name in keyof Static<typeof LimitsSchema>]: number }
