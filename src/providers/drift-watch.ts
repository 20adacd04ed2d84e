import type { CallLog } from '../domain/call-context.ts'
import { describeShape } from '../domain/describe-shape.ts'
import type { Clock } from './clock.ts'
import type { DriftKind } from './reading/drift.ts'

const dayMs = 86_400_000

/** Told of each answer that was not as documented, once for each kind; for metrics. Must not throw. */
export type DriftObserver = (account: string, operation: string, kind: DriftKind) => void

/** Told of the form of an answer that was not as documented, once a day for each operation and kind. Must not throw. */
export type ShapeObserver = (account: string, operation: string, kind: string, shape: string) => void

/**
 * Counts the answers of one account that were not as documented and were read all the same, and logs the form of one of
 * each kind a day: types and names, never a value.
 */
export class DriftWatch {
  readonly #account: string
  readonly #clock: Clock
  readonly #observer: DriftObserver | undefined
  readonly #onShape: ShapeObserver | undefined
  readonly #seen = new Set<DriftKind>()
  /** When each operation and kind, or header, was logged last. All are of closed lists. */
  readonly #loggedAt = new Map<string, number>()

  constructor(
    account: string,
    clock: Clock,
    observer: DriftObserver | undefined,
    onShape: ShapeObserver | undefined = undefined,
  ) {
    this.#account = account
    this.#clock = clock
    this.#observer = observer
    this.#onShape = onShape
  }

  /** True when an answer of this account has ever shown this, as far as this process knows. */
  hasSeen(kind: DriftKind): boolean {
    return this.#seen.has(kind)
  }

  note(operation: string, kinds: Iterable<DriftKind>, text: string, log: CallLog): void {
    const fresh: DriftKind[] = []
    for (const kind of kinds) {
      this.#seen.add(kind)
      this.#observer?.(this.#account, operation, kind)
      if (this.#isDue(`${operation} ${kind}`)) fresh.push(kind)
    }
    if (fresh.length === 0) return
    const shape = describeShape(text)
    for (const kind of fresh) this.#onShape?.(this.#account, operation, kind, shape)
    const fields = { account: this.#account, operation, drift: fresh, shape }
    const message = 'An answer of the provider is not as documented and was read all the same.'
    if (log.warn === undefined) log.debug(fields, message)
    else log.warn(fields, message)
  }

  /** The provider says in a header of its answer that the operation is to change or to end. */
  announced(operation: string, header: 'deprecation' | 'sunset', log: CallLog): void {
    if (!this.#isDue(`${operation} ${header}`)) return
    this.#onShape?.(this.#account, operation, header, 'a header of the answer')
    const fields = { account: this.#account, operation, header }
    const message = 'The provider says that it will change or end what is called. Look for its announcement.'
    if (log.warn === undefined) log.debug(fields, message)
    else log.warn(fields, message)
  }

  #isDue(name: string): boolean {
    const now = this.#clock.now()
    const last = this.#loggedAt.get(name)
    if (last !== undefined && now - last < dayMs) return false
    this.#loggedAt.set(name, now)
    return true
  }
}
