import type { AccountConfig, GatewayConfig } from '../config/schema.ts'
import { storeKeys } from '../config/store-key.ts'
import { detailOfFailure } from '../domain/failure.ts'
import type { Channel, TransportAnswer, Unsent } from '../providers/account.ts'
import type { Adapter } from '../providers/adapter-port.ts'
import { adviceOnReach } from '../providers/reach-advice.ts'
import { parseText } from '../providers/reading/coercions.ts'
import { deniesSuccess } from '../providers/reading/judge-body.ts'
import { tokenSource } from '../providers/token-source.ts'
import { type Store, StoreUnavailable } from '../services/store-port.ts'
import { openStore } from '../store/open-store.ts'
import { WrongStoreKey } from '../store/wrong-store-key.ts'
import { openChannel } from '../transport/connect.ts'

/** What was found at one place: the store, or an account. */
export type Finding = { readonly what: string; readonly good: boolean; readonly says: string }

/** Asks Redis and the providers of all accounts, at the same time. Nothing is written anywhere. */
export function lookAround(config: GatewayConfig): Promise<readonly Finding[]> {
  return Promise.all([lookAtStore(config), ...[...config.accounts.values()].map(lookAtAccount)])
}

async function lookAtStore({ redisUrl, dataDir, storeKey }: GatewayConfig): Promise<Finding> {
  if (redisUrl === undefined) {
    return { what: 'store', good: true, says: `SQLite in ${dataDir}, for one process; REDIS_URL is not set.` }
  }
  let store: Store | undefined
  try {
    store = await openStore({ redisUrl: redisUrl.reveal(), dataDir, keys: storeKeys(storeKey), seal: 'look' })
    await store.ping()
    const worries = await store.diagnose()
    return { what: 'store', good: worries.length === 0, says: worries.join(' ') || 'Redis answers and does not evict.' }
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    const says = error instanceof WrongStoreKey ? `STORE_KEY ${error.message}` : `Redis: ${error.message}`
    return { what: 'store', good: false, says }
  } finally {
    await store?.close()
  }
}

/** Where the provider documents no call that only reads, its address is asked: any answer shows that it is there. */
async function lookAtAccount({ id, adapter, credentials, ...config }: AccountConfig): Promise<Finding> {
  const revealed = Object.fromEntries(Object.entries(credentials).map(([name, secret]) => [name, secret.reveal()]))
  const channel = openChannel({
    baseUrl: config.baseUrl,
    authHeaders: adapter.credentialCheck === undefined ? {} : adapter.authHeaders(revealed),
    secrets: Object.values(revealed),
    maxConcurrency: 1,
    egress: { ...config.egress, proxy: config.egress.proxy?.reveal() },
    token: adapter.credentialCheck === undefined ? undefined : tokenSource(adapter, revealed),
  })
  try {
    const request = adapter.credentialCheck ?? { method: 'GET', path: '/' }
    const answer = await channel.send(request, { timeoutMs: config.timeoutMs })
    const { good, says } =
      adapter.credentialCheck === undefined
        ? judgeAddress(answer, channel.proxy)
        : judgeCheck(answer, adapter, channel.proxy)
    return { what: id, good, says: `${adapter.title} at ${config.baseUrl} ${says}${wayOutWords(channel, adapter)}` }
  } finally {
    await channel.close()
  }
}

type Judgement = Omit<Finding, 'what'>

function judgeCheck(answer: TransportAnswer | Unsent, adapter: Adapter, proxy: string | undefined): Judgement {
  if ('unsent' in answer) return { good: false, says: `gives no token. ${detailOfFailure(answer.unsent)}` }
  if ('lost' in answer) return judgeLoss(answer, proxy)
  const { status } = answer
  if (status < 300) return judgeBody(answer.text, status, adapter)
  if (status === 401 || status === 403) {
    const orAddress = adapter.allowlist === undefined ? '' : ', or the address that it was called from'
    return { good: false, says: `refuses the credentials${orAddress} (HTTP ${status}).` }
  }
  if (status === 429)
    return { good: true, says: 'is there and busy (HTTP 429); whether it takes the credentials is open.' }
  if (status >= 500) return { good: false, says: `is there and fails (HTTP ${status}).` }
  return { good: false, says: `answers HTTP ${status}. Check baseUrl.` }
}

/** An answer alone says nothing of the credentials: it has to be one of the provider's. */
function judgeBody(text: string, status: number, { credentialCheck }: Adapter): Judgement {
  const body = parseText(text)
  if (deniesSuccess(body))
    return { good: false, says: `refuses the check in its answer (HTTP ${status}). Check the credentials.` }
  if (body !== undefined && credentialCheck?.isAnswer?.(body) !== false)
    return { good: true, says: 'takes the credentials.' }
  return {
    good: false,
    says: `answers HTTP ${status} with something that is not its documented answer. Check baseUrl.`,
  }
}

function judgeAddress(answer: TransportAnswer | Unsent, proxy: string | undefined): Judgement {
  if ('lost' in answer && answer.lost !== 'redirected') return judgeLoss(answer, proxy)
  return {
    good: true,
    says: 'is there. It has no call that only reads: the first contact shows whether it takes the credentials.',
  }
}

type Lost = Extract<TransportAnswer, { lost: string }>

const lossTexts = {
  timeout: 'does not answer in time.',
  redirected: 'redirects, which is not followed. Check baseUrl.',
  tooLarge: 'answers with more than it should. Check baseUrl.',
}

function judgeLoss({ lost, cause = 'no connection in time' }: Lost, proxy: string | undefined): Judgement {
  if (lost !== 'unreachable') return { good: false, says: lossTexts[lost] }
  return { good: false, says: `cannot be reached (${cause}). ${adviceOnReach(cause, proxy)}` }
}

/** From where it was called, and what there is to do about it. */
function wayOutWords({ proxy, calledFrom }: Channel, { title, allowlist }: Adapter): string {
  const address = calledFrom?.()
  const from = proxy === undefined ? address && `from ${address}` : `through the proxy ${proxy}`
  const called = from ? ` It was called ${from}.` : ''
  if (allowlist === undefined) return called
  const outside = proxy === undefined ? 'your network shows' : 'the proxy shows'
  return `${called} ${title} refuses callers that it does not know, whatever their credentials: the address that ${outside} outside has to stand in ${allowlist}.`
}
