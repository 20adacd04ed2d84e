import { randomUUID } from 'node:crypto'
import type { CallContext } from '../../domain/call-context.ts'
import {
  type AccountErasure,
  dueOf,
  type ErasedAddresses,
  type Erasure,
  type ErasureNotice,
  type GatewayErasure,
  statusOfErasure,
} from '../../domain/erasure.ts'
import type { ErasurePage, ErasureQuery, ErasureStore, StoredErasure } from '../erasure-store-port.ts'
import type { OutboxEvent } from '../event-store-port.ts'
import { StoreUnavailable } from '../store-port.ts'
import type { SuppressionStore } from '../suppression-store-port.ts'
import type { ListNotices } from '../suppressions/list-notices.ts'
import type { SuppressionKeys } from '../suppressions/suppression-keys.ts'
import { eraseAtAccount } from './erase-at-account.ts'
import { afterTry, doneByHand, isDue, type Places, triedAgain, withAccountsOfNow } from './plan-accounts.ts'
import { comparedAddresses, namesOfPerson, suppressPerson } from './suppress-person.ts'

export type NewErasure = {
  readonly addresses: ErasedAddresses
  readonly client: string
  readonly reference: string | undefined
  readonly receivedAt: number | undefined
  /** Id of the request that it came with. */
  readonly request?: string | undefined
}

/** Goes through what the gateway itself keeps of people; tells how far it is. To be asked again until it is `done`. */
export type EraseFromGateway = (erasure: Erasure, now: number) => Promise<GatewayErasure>

export type ErasuresOptions = {
  readonly store: ErasureStore
  readonly list: SuppressionStore
  readonly keys: Pick<SuppressionKeys, 'current'>
  readonly places: Places
  readonly eraseFromGateway: EraseFromGateway
  /** How long one is kept that is completed. */
  readonly keepMs: number
  readonly now: () => number
  /** Told of one whose status has changed. */
  readonly onStatus?: ((notice: ErasureNotice) => void) | undefined
  /** Who is told of what erasures change on the suppression list. */
  readonly notices?: ListNotices | undefined
  /** Told that an event was left. */
  readonly left?: (() => void) | undefined
}

/** What clients, and whoever works on them, do with erasures. All may fail with `StoreUnavailable`. */
export type Erasures = {
  /** What the accounts would be asked; nothing is kept. */
  preview(addresses: ErasedAddresses): readonly AccountErasure[]
  /** Durable, with the suppressions. One of the same addresses that is not completed is answered again. */
  begin(wanted: NewErasure): Promise<Erasure>
  get(id: string): Promise<Erasure | undefined>
  page(query: ErasureQuery): Promise<ErasurePage>
  /** `undefined`: there is no such erasure, or no such account in it. */
  done(id: string, account: string, by: string, note: string | undefined): Promise<Erasure | undefined>
  retry(id: string): Promise<Erasure | undefined>
  /** For whoever begins to work: one that died may have had no time for it. */
  purge(): Promise<void>
  /** Whether anything is to be done, now or later, without waiting for a person. */
  hasWork(): Promise<boolean>
  /** Calls when there is something to do that this process has made; another call takes the place of this one. */
  onWork(call: () => void): void
  /** Does what is due of one erasure; false: nothing is. */
  workOff(leaseMs: number, contextOf: () => CallContext): Promise<boolean>
}

/** As long as the calls of a try may take, and more. */
const noteHoldMs = 60_000
/** Others change the same erasure between its reading and its writing. */
const mostTurns = 50

export function createErasures(options: ErasuresOptions): Erasures {
  const { store, list, keys, places, eraseFromGateway, keepMs, now, onStatus, notices, left } = options

  let tellWork = () => {}

  /** `undefined`: it is gone, or there is nothing to change. */
  const change = async (id: string, to: (erasure: Erasure) => Erasure | undefined): Promise<Erasure | undefined> => {
    for (let turn = 0; turn < mostTurns; turn++) {
      const before = await store.get(id)
      const after = before && to(before.erasure)
      if (before === undefined || after === undefined) return undefined
      const next = ended(after, now())
      const event = eventOf(before, next, now())
      const stored = await store.replace(before, next, keepMs, event)
      if (stored === undefined) continue
      if (event !== undefined) left?.()
      await tell(before.erasure, stored.erasure)
      return stored.erasure
    }
    throw new StoreUnavailable('Others change the same erasure all the time.')
  }
  const tell = async (before: Erasure, after: Erasure): Promise<void> => {
    if (!hasNewStatus(before, after)) return
    const status = statusOfErasure(after)
    onStatus?.({ id: after.id, status, accounts: after.accounts })
    // The addresses were in it until now.
    if (status === 'completed') await store.purge()
  }

  /** Made up for by whoever finds one without: what comes first is that nothing more is sent. */
  const suppressed = async (erasure: Erasure): Promise<Erasure> => {
    if (erasure.isSuppressed || erasure.addresses === undefined) return erasure
    const suppressionIds = await suppressPerson(erasure, list, await keys.current(), notices)
    const after = await change(erasure.id, (one) => ({
      ...one,
      isSuppressed: true,
      suppressionIds,
      accounts: withAccountsOfNow(one.accounts, places, one.addresses ?? {}, now()),
    }))
    return after ?? erasure
  }

  const noteFound = async (id: string, account: string): Promise<void> => {
    await change(id, ({ accounts, ...one }) => ({
      ...one,
      accounts: accounts.map((state) => (state.account === account ? { ...state, wasFound: true } : state)),
    }))
    // It is due yet, and being worked on.
    await store.hold(id, now() + noteHoldMs)
  }

  const tryAccounts = async (erasure: Erasure, context: CallContext): Promise<void> => {
    const { addresses = {} } = erasure
    const at = now()
    const planned = withAccountsOfNow(erasure.accounts, places, addresses, at)
    const tries = new Map(
      await Promise.all(
        planned
          .filter((one) => isDue(one, at))
          .map(async ({ account }) => {
            const place = places.get(account)
            const tried =
              place && (await eraseAtAccount(place, addresses, context, () => noteFound(erasure.id, account)))
            return [account, tried] as const
          }),
      ),
    )
    await change(erasure.id, (one) => {
      if (one.addresses === undefined) return undefined
      const accounts = withAccountsOfNow(one.accounts, places, addresses, at).map((state) => {
        const tried = tries.get(state.account)
        // Somebody may have said meanwhile that it is done.
        return tried === undefined || !isDue(state, at) ? state : afterTry(state, tried, now())
      })
      return { ...one, accounts }
    })
  }

  const work = async ({ erasure }: StoredErasure, context: CallContext): Promise<void> => {
    if (!erasure.isSuppressed) await suppressed(erasure)
    else if (erasure.accounts.some(({ tryAt = Number.POSITIVE_INFINITY }) => tryAt <= now()))
      await tryAccounts(erasure, context)
    else {
      const gateway = await eraseFromGateway(erasure, now())
      await change(erasure.id, (one) => (one.gateway.status === 'done' ? undefined : { ...one, gateway }))
      if (gateway.status === 'done') await store.purge()
    }
  }

  return {
    preview: (addresses) => withAccountsOfNow([], places, addresses, now()),
    async begin({ addresses, client, reference, receivedAt, request }) {
      const at = now()
      const compared = comparedAddresses(addresses)
      const people = namesOfPerson(compared, await keys.current())
      const received = receivedAt ?? at
      const { erasure } = await store.begin(
        {
          id: randomUUID(),
          createdBy: client,
          createdAt: at,
          request,
          receivedAt: received,
          dueAt: dueOf(received),
          hints: compared.map(({ hint }) => hint),
          suppressionIds: [],
          isSuppressed: false,
          reference,
          addresses,
          accounts: withAccountsOfNow([], places, addresses, at),
          gateway: notGoneThrough(at),
          finishedAt: undefined,
        },
        people,
      )
      const kept = await suppressed(erasure)
      tellWork()
      return kept
    },
    get: async (id) => (await store.get(id))?.erasure,
    page: (query) => store.page(query),
    async done(id, account, by, note) {
      const found = (await store.get(id))?.erasure
      if (!found?.accounts.some((one) => one.account === account)) return undefined
      const after = await change(id, (erasure) => ({
        ...erasure,
        accounts: erasure.accounts.map((one) =>
          one.account === account && isOpenToPeople(one) ? doneByHand(one, by, note, now()) : one,
        ),
      }))
      return after ?? found
    },
    async retry(id) {
      const after = await change(id, (erasure) =>
        erasure.addresses === undefined ? erasure : { ...erasure, accounts: triedAgain(erasure, now()) },
      )
      tellWork()
      return after
    },
    hasWork: () => store.hasWork(),
    onWork(call) {
      tellWork = call
    },
    purge: () => store.purge(),
    async workOff(leaseMs, contextOf) {
      const taken = await store.take(now(), leaseMs)
      if (taken === undefined) return false
      const hold = () => store.hold(taken.erasure.id, now() + leaseMs).catch(() => {})
      const holding = setInterval(hold, leaseMs / 3).unref()
      try {
        await work(taken, contextOf())
      } finally {
        clearInterval(holding)
      }
      return true
    },
  }
}

function isOpenToPeople({ status }: AccountErasure): boolean {
  return status === 'by_hand' || status === 'failed' || status === 'pending'
}

function notGoneThrough(now: number): GatewayErasure {
  return { status: 'pending', passes: 0, seen: [], rowsErased: 0, importsUntil: 0, openImports: [], tryAt: now }
}

function hasNewStatus(before: Erasure, after: Erasure): boolean {
  return !before.isSuppressed || statusOfErasure(after) !== statusOfErasure(before)
}

/** What the client that asked for it is told; never whose it is. */
function eventOf({ erasure, version }: StoredErasure, after: Erasure, now: number): OutboxEvent | undefined {
  const status = statusOfErasure(after)
  if (!after.isSuppressed || status === 'running' || !hasNewStatus(erasure, after)) return undefined
  return {
    type: status === 'completed' ? 'erasure.finished' : 'erasure.needs_person',
    // It may need a person again and again.
    cause: `${after.id} ${version}`,
    at: now,
    request: after.request,
    client: after.createdBy,
    data: { ...after, addresses: undefined },
  }
}

/** Who it is goes once everything is done. */
function ended(erasure: Erasure, now: number): Erasure {
  if (erasure.finishedAt !== undefined || !erasure.isSuppressed || statusOfErasure(erasure) !== 'completed')
    return erasure
  return { ...erasure, addresses: undefined, finishedAt: now }
}
