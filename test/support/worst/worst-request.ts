/** A request that is as bad as one caller can make it. */
export type WorstRequest = {
  /** What is bad about it. */
  readonly title: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
}

/** Texts of one kind, at a length. */
export type WorstTexts = Readonly<Record<string, (length: number) => string>>

/** Just below the limit that a configuration has by itself. */
export const jsonBytes = 2_000_000 - 2_000

export const json = { 'content-type': 'application/json' }
