import { hash } from 'node:crypto'

/** Two words of digest, and the row. */
const wordsPerSlot = 3
const firstSlots = 16
/** The share of slots in use at which a table grows. */
const fullest = 0.7
const tables = 256

/**
 * Remembers who was in a file, and in which row first, by 64 bits of a digest. Half a million people take 12 MB, where a
 * Map of strings takes 80; that any two of them are taken for one has a probability of 1 in 10^8. There are many small
 * tables, since to grow a large one would keep everybody else waiting.
 */
export class SeenPeople {
  readonly #tables = Array.from({ length: tables }, () => new Table())

  /** The row in which this person came first, or `undefined` when it is this one. Rows count from 1. */
  firstRowOf(identity: string, row: number): number | undefined {
    const digest = hash('sha256', identity, 'buffer')
    const table = this.#tables[digest.readUInt8(8)] as Table
    return table.firstRowOf(digest.readUInt32LE(0), digest.readUInt32LE(4), row)
  }
}

/** Open addressing; a row of 0 is a free slot. */
class Table {
  #slots = new Uint32Array(firstSlots * wordsPerSlot)
  #people = 0

  firstRowOf(word: number, other: number, row: number): number | undefined {
    if (this.#people * wordsPerSlot >= this.#slots.length * fullest) this.#grow()
    const at = findSlot(this.#slots, word, other)
    const known = this.#slots[at + 2] as number
    if (known !== 0) return known
    put(this.#slots, at, word, other, row)
    this.#people++
    return undefined
  }

  #grow(): void {
    const [smaller, larger] = [this.#slots, new Uint32Array(this.#slots.length * 2)]
    for (let at = 0; at < smaller.length; at += wordsPerSlot) {
      const [word, other, row] = [smaller[at] as number, smaller[at + 1] as number, smaller[at + 2] as number]
      if (row !== 0) put(larger, findSlot(larger, word, other), word, other, row)
    }
    this.#slots = larger
  }
}

/** Where this digest stands, or the free place where it belongs. */
function findSlot(slots: Uint32Array, word: number, other: number): number {
  const count = slots.length / wordsPerSlot
  for (let slot = word % count; ; slot = (slot + 1) % count) {
    const at = slot * wordsPerSlot
    if (slots[at + 2] === 0 || (slots[at] === word && slots[at + 1] === other)) return at
  }
}

function put(slots: Uint32Array, at: number, word: number, other: number, row: number): void {
  slots[at] = word
  slots[at + 1] = other
  slots[at + 2] = row
}
