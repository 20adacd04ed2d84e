import { describeShape } from '../domain/describe-shape.ts'
import { parseJson } from '../domain/exact-number.ts'
import type { TransportAnswer, Unsent } from '../providers/account.ts'
import type { ProviderRequest, ProviderResponse } from '../providers/adapter-port.ts'
import type { Credentials, Said, Step, TestPeople } from '../providers/probing.ts'

/** What a run needs of the world. */
export type Surroundings = {
  send(request: ProviderRequest, as: Credentials): Promise<TransportAnswer | Unsent>
  readonly clock: { now(): number; sleep(ms: number, signal: AbortSignal): Promise<void> }
  /** At least so long from one call to the next. */
  readonly paceMs: number
  /** Told before each call, in the words of its step. */
  tell(step: Step, request: ProviderRequest): void | Promise<void>
  /** Ends the run after the call that is out. */
  readonly signal: AbortSignal
}

/** Told of each write before it goes, and of what it is known to have made. */
export type Journal = {
  writing(step: string): void
  made(step: string, keys: readonly string[]): void
}

/** One call as a report may show it: no value of anybody's. */
export type CallRecord = {
  readonly step: string
  readonly method: string
  /** With `…` for every value in it. */
  readonly path: string
  /** Absent: no whole answer came. */
  readonly status?: number
  readonly lost?: string
  readonly ms: number
  readonly headers: readonly string[]
  readonly shape: string
}

/** Why a run ended before its last step. `refused`: a provider that cannot be asked; `objection`: somebody is in the way. */
export type Stop = { readonly kind: 'refused' | 'objection' | 'interrupted' | 'tooMany'; readonly says: string }

/** The most calls of one run, the tidying up included. */
export const mostCalls = 60
/** These are kept for the tidying up. */
const keptCalls = 8
/** A provider that is busy is waited for, so long at most, and so often. */
const longestWaitMs = 60_000
const mostWaits = 2

/** The calls of one run: made one after the other, recorded, and readable for the steps and probes that come after. */
export class Calls {
  readonly records: CallRecord[] = []
  readonly clocks: { readonly date: string; readonly at: number }[] = []
  readonly #people: TestPeople
  readonly #surroundings: Surroundings
  readonly #journal: Journal | undefined
  readonly #answers = new Map<string, { readonly response: ProviderResponse | undefined; readonly at: number }>()
  readonly #made: string[]
  readonly #written: string[]
  #hasAsked = false
  #lastAt = Number.NEGATIVE_INFINITY

  constructor(people: TestPeople, surroundings: Surroundings, journal?: Journal) {
    this.#people = people
    this.#surroundings = surroundings
    this.#journal = journal
    this.#made = [...people.made]
    this.#written = [...people.written]
  }

  get said(): Said {
    return {
      ...this.#people,
      made: this.#made,
      written: this.#written,
      answer: (step) => this.#answers.get(step)?.response,
      wasAsked: (step) => this.#answers.has(step),
    }
  }

  /** Makes these calls in turn. `isTidying`: nothing stops it but the number of calls. */
  async run(steps: readonly Step[], isTidying = false): Promise<Stop | undefined> {
    const signal = isTidying ? new AbortController().signal : this.#surroundings.signal
    for (const step of steps) {
      const request = step.request(this.said)
      if (request === undefined) continue
      await this.#wait(step, signal)
      if (signal.aborted) return interrupted
      if (this.records.length >= (isTidying ? mostCalls : mostCalls - keptCalls)) return tooMany
      const stop = await this.#call(step, request, signal)
      if (stop !== undefined && !isTidying) return stop
    }
    return undefined
  }

  async #call(step: Step, request: ProviderRequest, signal: AbortSignal): Promise<Stop | undefined> {
    await this.#surroundings.tell(step, request)
    if (step.writes && request.method !== 'GET') {
      this.#journal?.writing(step.id)
      this.#written.push(step.id)
    }
    const answer = await this.#send(step, request, signal)
    const response = 'lost' in answer || 'unsent' in answer ? undefined : responseOf(answer)
    this.#answers.set(step.id, { response, at: this.#surroundings.clock.now() })
    if (response !== undefined && step.made !== undefined) {
      const keys = step.made(response, this.said).filter((key) => !this.#made.includes(key))
      this.#made.push(...keys)
      if (keys.length > 0) this.#journal?.made(step.id, keys)
    }
    const objection = step.objection?.(this.said)
    if (objection !== undefined) return { kind: 'objection', says: objection }
    if (this.#hasAsked || (step.as ?? 'own') !== 'own') return undefined
    this.#hasAsked = true
    return refusalOf(answer)
  }

  async #send(step: Step, request: ProviderRequest, signal: AbortSignal): Promise<TransportAnswer | Unsent> {
    const { clock, send } = this.#surroundings
    for (let waits = 0; ; waits += 1) {
      const startedAt = clock.now()
      this.#lastAt = startedAt
      const answer = await send(request, step.as ?? 'own')
      this.#record(step, request, answer, clock.now() - startedAt)
      if (!('text' in answer) || (answer.status !== 429 && answer.status !== 503) || waits === mostWaits) return answer
      const seconds = Number(answer.retryAfter)
      await clock.sleep(Math.min(longestWaitMs, seconds > 0 ? seconds * 1_000 : 5_000), signal)
      if (signal.aborted || this.records.length >= mostCalls - keptCalls) return answer
    }
  }

  #record(step: Step, { method, path }: ProviderRequest, answer: TransportAnswer | Unsent, ms: number): void {
    const call = { step: step.id, method, path: withoutValues(path), ms }
    if ('unsent' in answer) this.records.push({ ...call, lost: 'no token', headers: [], shape: '' })
    else if ('lost' in answer)
      this.records.push({
        ...call,
        lost: answer.cause ?? answer.lost,
        ...(answer.status !== undefined && { status: answer.status }),
        headers: [],
        shape: '',
      })
    else {
      const headers = Object.keys(answer.headers ?? {}).toSorted()
      this.records.push({ ...call, status: answer.status, headers, shape: describeShape(answer.text) })
      if (answer.date !== undefined) this.clocks.push({ date: answer.date, at: this.#surroundings.clock.now() })
    }
  }

  async #wait({ wait }: Step, signal: AbortSignal): Promise<void> {
    const { clock, paceMs } = this.#surroundings
    const since = wait && this.#answers.get(wait.after)?.at
    const at = Math.max(this.#lastAt + paceMs, wait === undefined || since === undefined ? 0 : since + wait.ms)
    const ms = at - clock.now()
    if (ms > 0) await clock.sleep(ms, signal)
  }
}

const interrupted: Stop = { kind: 'interrupted', says: 'It was interrupted.' }
const tooMany: Stop = { kind: 'tooMany', says: `It would have taken more than ${mostCalls} calls.` }

function responseOf(answer: Extract<TransportAnswer, { text: string }>): ProviderResponse {
  const { status, text, headers } = answer
  return { status, text, body: bodyOf(text), ...(headers !== undefined && { headers }) }
}

/** The first call with the account's own credentials shows whether there is anybody to ask. */
function refusalOf(answer: TransportAnswer | Unsent): Stop | undefined {
  if ('unsent' in answer) return { kind: 'refused', says: 'No token was given for these credentials.' }
  if ('lost' in answer)
    return { kind: 'refused', says: `No answer came (${answer.cause ?? answer.lost}). Check baseUrl.` }
  const { status } = answer
  if (status === 401 || status === 403)
    return {
      kind: 'refused',
      says: `The credentials, or the address that was called from, are refused (HTTP ${status}).`,
    }
  if (status === 402) return { kind: 'refused', says: 'The account has no balance or no plan for this (HTTP 402).' }
  return status === 429 || status >= 500
    ? { kind: 'refused', says: `The provider cannot answer now (HTTP ${status}).` }
    : undefined
}

/** Names of a path are words; whatever else stands in it may be somebody's. */
function withoutValues(path: string): string {
  const [way = '', query] = path.split('?', 2)
  const segments = way
    .split('/')
    .map((segment) => (/^[a-z][a-z-]*$/.test(segment) || /^(?:v\d|)$/.test(segment) ? segment : '…'))
  const names = query?.split('&').map((pair) => `${pair.split('=', 1)[0]}=…`)
  return segments.join('/') + (names === undefined ? '' : `?${names.join('&')}`)
}

function bodyOf(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
