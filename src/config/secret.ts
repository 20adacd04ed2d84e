import { inspect } from 'node:util'

const redacted = '[redacted]'

/**
 * A text that must not be shown. However it is printed (template strings, JSON, `console.log`, a logger's serializer)
 * it is `[redacted]`; only `reveal()` gives it out, so that a search for that word finds every use.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
    Object.freeze(this)
  }

  /** The text itself, for the one place that sends it. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return redacted
  }

  toJSON(): string {
    return redacted
  }

  [inspect.custom](): string {
    return redacted
  }
}
