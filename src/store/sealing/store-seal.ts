/** Where a store keeps its seal: one value, for ever. */
export type SealPlace = {
  read(): Promise<Buffer | undefined>
  /** Atomic. False, and nothing changed: there is another one than `before`. */
  replace(before: Buffer | undefined, after: Buffer): Promise<boolean>
}
