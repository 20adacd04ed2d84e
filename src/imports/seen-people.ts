import { hash } from 'node:crypto'

const wordsPerSlot = 5
const firstSlots = 1 << 12

/**
 * Remembers who was in a file, and in which row first, in 20 bytes a person: a table of 128-bit digests with open
 * addressing, doubled when it is half full. Half a million people take 20 MB, where a Map of strings takes 60 MB more.
 */
export class SeenPeople {
  #slots = new Uint32Array(firstSlots * wordsPerSlot)
  #people = 0

  /** The row in which this person came first, or `undefined` when it is this one. Rows count from 1. */
  firstRowOf(identity: string, row: number): number | undefined {
    if (this.#people * 2 * wordsPerSlot >= this.#slots.length) this.#grow()
    const digest = hash('sha256', identity, 'buffer')
    const words = new Uint32Array(digest.buffer, digest.byteOffset, wordsPerSlot - 1)
    const at = findSlot(this.#slots, words)
    const known = this.#slots[at + wordsPerSlot - 1] as number
    if (known !== 0) return known
    this.#slots.set(words, at)
    this.#slots[at + wordsPerSlot - 1] = row
    this.#people++
    return undefined
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2)
    for (let at = 0; at < this.#slots.length; at += wordsPerSlot) {
      if (this.#slots[at + wordsPerSlot - 1] === 0) continue
      const slot = this.#slots.subarray(at, at + wordsPerSlot)
      larger.set(slot, findSlot(larger, slot))
    }
    this.#slots = larger
  }
}

/** Where these words stand, or the free place where they belong. */
function findSlot(slots: Uint32Array, words: Uint32Array): number {
  const count = slots.length / wordsPerSlot
  for (let slot = (words[0] as number) % count; ; slot = (slot + 1) % count) {
    const at = slot * wordsPerSlot
    if (slots[at + wordsPerSlot - 1] === 0) return at
    if (
      slots[at] === words[0] &&
      slots[at + 1] === words[1] &&
      slots[at + 2] === words[2] &&
      slots[at + 3] === words[3]
    )
      return at
  }
}
