/** What became of a person's data at one account. */
export const accountErasureStatuses = ['deleted', 'not_found', 'by_hand', 'pending', 'failed', 'done_by_hand'] as const
export type AccountErasureStatus = (typeof accountErasureStatuses)[number]

export const erasureStatuses = ['running', 'needs_person', 'completed'] as const
export type ErasureStatus = (typeof erasureStatuses)[number]

/** Times are in milliseconds since 1970. */
export type AccountErasure = {
  readonly account: string
  readonly provider: string
  readonly status: AccountErasureStatus
  /** When it got this status, or was last tried. */
  readonly at: number
  /** What is known, and what a person has to do. It holds no address. */
  readonly detail: string
  readonly attempts: number
  /** When the tries began that are going on; they end 72 h later. */
  readonly triedSince: number
  /** When it is tried again; absent: it is not. */
  readonly tryAt?: number
  /** The provider has said so once, and is asked once more at `tryAt`. */
  readonly answered?: 'deleted' | 'not_found'
  /** The provider has shown somebody, who was then to be deleted. */
  readonly wasFound?: true
  /** Since when the account has not been configured. */
  readonly goneSince?: number
  /** Who has done it by hand. */
  readonly by?: string
  readonly note?: string
}

/** What became of it in the gateway's own store. */
export type GatewayErasure = {
  readonly status: 'pending' | 'done'
  /** How often imports have been gone through. */
  readonly passes: number
  /** Ids of imports that this pass is done with. */
  readonly seen: readonly string[]
  readonly rowsErased: number
  /** Until when stored imports may hold rows that no search finds, as far as their ends are known. */
  readonly importsUntil: number
  /** Imports that had not ended when they were gone through. */
  readonly openImports: readonly string[]
  /** What was being uploaded when it began, and is yet: it is waited for. Absent: nobody has looked. */
  readonly comingIn?: readonly string[]
  readonly tryAt?: number
}

/** What a person is known by: at least one of them. Numbers are `+` and digits. */
export type ErasedAddresses = {
  readonly phone?: string | undefined
  readonly email?: string | undefined
  readonly whatsapp?: string | undefined
}

/** A person who is to be forgotten, and how far that is. Times are in milliseconds since 1970. */
export type Erasure = {
  readonly id: string
  readonly createdBy: string
  readonly createdAt: number
  /** Id of the request that it was asked for with; absent in erasures of earlier versions. */
  readonly request?: string | undefined
  readonly receivedAt: number
  readonly dueAt: number
  readonly hints: readonly string[]
  /** What stands for the addresses on the suppression list. */
  readonly suppressionIds: readonly string[]
  /** The suppressions were made. */
  readonly isSuppressed: boolean
  /** In the words of who asked for it. */
  readonly reference: string | undefined
  /** Gone once it is completed. */
  readonly addresses: ErasedAddresses | undefined
  readonly accounts: readonly AccountErasure[]
  readonly gateway: GatewayErasure
  readonly finishedAt: number | undefined
}

/** What is told of an erasure whose status has changed. */
export type ErasureNotice = {
  readonly id: string
  readonly status: ErasureStatus
  readonly accounts: readonly AccountErasure[]
}

const settled: ReadonlySet<AccountErasureStatus> = new Set(['deleted', 'not_found', 'done_by_hand'])
const forPeople: ReadonlySet<AccountErasureStatus> = new Set(['by_hand', 'failed'])

export function statusOfErasure({ accounts, gateway }: Pick<Erasure, 'accounts' | 'gateway'>): ErasureStatus {
  if (accounts.some(({ status }) => forPeople.has(status))) return 'needs_person'
  const isDone = gateway.status === 'done' && accounts.every(({ status }) => settled.has(status))
  return isDone ? 'completed' : 'running'
}

/** When there is something to do next; `undefined`: nothing, until a person says so. */
export function nextTryOf({ accounts, gateway }: Pick<Erasure, 'accounts' | 'gateway'>): number | undefined {
  const times = [...accounts.map(({ tryAt }) => tryAt), gateway.tryAt].filter((time) => time !== undefined)
  return times.length === 0 ? undefined : Math.min(...times)
}

/** One month after `receivedAt`, in UTC: the same day of the next month, or its last one where it has none. */
export function dueOf(receivedAt: number): number {
  const at = new Date(receivedAt)
  const day = at.getUTCDate()
  at.setUTCMonth(at.getUTCMonth() + 1)
  if (at.getUTCDate() !== day) at.setUTCDate(0)
  return at.getTime()
}

/** Whether a text tells one of the addresses: it would stay when they are gone. */
export function tellsAddress(text: string, { email, phone, whatsapp }: ErasedAddresses): boolean {
  if (email !== undefined && text.toLowerCase().includes(email.toLowerCase())) return true
  const digits = text.replace(/\D/g, '')
  return [phone, whatsapp].some((number) => number !== undefined && digits.includes(number.slice(-tellingDigits)))
}

/** Fewer digits at the end of a number stand for many people. */
const tellingDigits = 8
