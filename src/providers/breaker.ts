import type { BreakerState } from '../domain/breaker-state.ts'
import type { Clock } from './clock.ts'

export type BreakerOptions = {
  /** It opens when this share of the calls in the window failed: 0.5 is every second one. */
  readonly failureRate: number
  /** … and there were at least so many. */
  readonly minimumCalls: number
  readonly windowMs: number
  /** How long it stays open before one call may try. */
  readonly openMs: number
  /**
   * It also opens after so many calls in a row that nobody answered. For accounts that, while their provider hangs, are
   * too slow to make `minimumCalls` within the window; `Infinity` for all others.
   */
  readonly silentCalls: number
}

/** What a call says of the provider: it works, it failed, it did not answer, or nothing can be concluded. */
export type Verdict = 'works' | 'fails' | 'silent' | 'unclear'

/** While a probe is out nobody knows how long it takes: ask again after this. */
const probeWaitMs = 1_000
const slices = 10

/**
 * Stops calls to a provider that fails. Closed: all pass. Open: none, for `openMs`. Then half-open: a single call passes
 * as a probe; it closes the breaker or opens it again. Results of calls that began in an earlier state are ignored.
 */
export class Breaker {
  readonly #options: BreakerOptions
  readonly #clock: Pick<Clock, 'now'>
  readonly #onChange: ((state: BreakerState) => void) | undefined
  readonly #window: CallWindow
  #state: BreakerState = 'closed'
  /** Grows with every change of state; the pass of a call. */
  #term = 0
  #openUntil = 0
  #silent = 0

  constructor(options: BreakerOptions, clock: Pick<Clock, 'now'>, onChange?: (state: BreakerState) => void) {
    this.#options = options
    this.#clock = clock
    this.#onChange = onChange
    this.#window = new CallWindow(options.windowMs)
  }

  get state(): BreakerState {
    return this.#state
  }

  /** How long a call would be refused from now on; `undefined` when it may pass. Changes nothing. */
  refusal(): number | undefined {
    if (this.#state === 'closed') return undefined
    if (this.#state === 'half-open') return probeWaitMs
    const waitMs = this.#openUntil - this.#clock.now()
    return waitMs > 0 ? waitMs : undefined
  }

  /** Lets a call pass: its pass, to be given back with `settle`. `undefined`: refused. */
  enter(): number | undefined {
    if (this.refusal() !== undefined) return undefined
    if (this.#state === 'open') this.#change('half-open')
    return this.#term
  }

  /** Tells how the call with this pass ended. */
  settle(pass: number, verdict: Verdict): void {
    if (pass !== this.#term) return
    if (this.#state === 'half-open') {
      if (verdict === 'works') this.#close()
      else this.#open()
    } else if (verdict !== 'unclear' && this.#state === 'closed') this.#count(verdict)
  }

  #count(verdict: Exclude<Verdict, 'unclear'>): void {
    const { failureRate, minimumCalls, silentCalls } = this.#options
    this.#silent = verdict === 'silent' ? this.#silent + 1 : 0
    this.#window.add(this.#clock.now(), verdict !== 'works')
    const { calls, failures } = this.#window
    const failsTooOften = calls >= minimumCalls && failures >= failureRate * calls
    if (verdict !== 'works' && (failsTooOften || this.#silent >= silentCalls)) this.#open()
  }

  #open(): void {
    this.#openUntil = this.#clock.now() + this.#options.openMs
    this.#change('open')
  }

  #close(): void {
    this.#window.clear()
    this.#silent = 0
    this.#change('closed')
  }

  #change(state: BreakerState): void {
    this.#state = state
    this.#term++
    this.#onChange?.(state)
  }
}

/** Counts of the last `windowMs`, in slices: constant memory, and old calls drop out a tenth of the window at a time. */
class CallWindow {
  readonly #sliceMs: number
  readonly #calls = new Uint32Array(slices)
  readonly #failures = new Uint32Array(slices)
  #current = 0
  calls = 0
  failures = 0

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / slices
  }

  add(now: number, failed: boolean): void {
    this.#advance(Math.floor(now / this.#sliceMs))
    const slice = this.#current % slices
    this.#calls[slice] = (this.#calls[slice] as number) + 1
    this.calls++
    if (!failed) return
    this.#failures[slice] = (this.#failures[slice] as number) + 1
    this.failures++
  }

  clear(): void {
    this.#calls.fill(0)
    this.#failures.fill(0)
    this.calls = 0
    this.failures = 0
  }

  #advance(to: number): void {
    if (to - this.#current >= slices) this.clear()
    else
      for (let slice = this.#current + 1; slice <= to; slice++) {
        this.calls -= this.#calls[slice % slices] as number
        this.failures -= this.#failures[slice % slices] as number
        this.#calls[slice % slices] = 0
        this.#failures[slice % slices] = 0
      }
    this.#current = to
  }
}
