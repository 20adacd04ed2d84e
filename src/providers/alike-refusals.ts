import type { Failure } from '../domain/failure.ts'
import type { Clock } from './clock.ts'

/** A refusal that met contacts alike is not looked into again for so long. */
const heldForMs = 60_000

/** Remembers a refusal of an account's provider that is about no contact, so that not every batch has to find it out. */
export class AlikeRefusals {
  readonly #clock: Clock
  #said: string | undefined
  #until = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  note(refusal: Failure): void {
    this.#said = whatIsSaid(refusal)
    this.#until = this.#clock.now() + heldForMs
  }

  holds(refusal: Failure): boolean {
    return this.#said === whatIsSaid(refusal) && this.#clock.now() < this.#until
  }

  /** Contacts were taken: whatever it was, it is over. */
  forget(): void {
    this.#said = undefined
  }
}

/** True when two refusals have the same words and name nobody. */
export function isAlike(one: Failure, other: Failure): boolean {
  return one.named === undefined && other.named === undefined && whatIsSaid(one) === whatIsSaid(other)
}

function whatIsSaid({ kind, provider }: Failure): string {
  return JSON.stringify([kind, provider?.status, provider?.code, provider?.message])
}
