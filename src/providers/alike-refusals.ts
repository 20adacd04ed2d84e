import type { Failure } from '../domain/failure.ts'
import type { Clock } from './clock.ts'

/** How long a refusal that met all contacts alike is not looked into again. */
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

  /** True when two refusals have the same words and are about no contact: they name nobody, and nobody is there already. */
  areAlike(one: Failure, other: Failure): boolean {
    const isOfNobody = ({ kind, named }: Failure) => kind === 'invalid' && named === undefined
    return isOfNobody(one) && isOfNobody(other) && whatIsSaid(one) === whatIsSaid(other)
  }

  /** Contacts were taken: whatever it was, it is over. */
  forget(): void {
    this.#said = undefined
  }
}

function whatIsSaid({ kind, provider }: Failure): string {
  return JSON.stringify([kind, provider?.status, provider?.code, provider?.message])
}
