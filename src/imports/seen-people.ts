import { randomInt } from 'node:crypto'

/** Two words of a hash, and the row. */
const wordsPerSlot = 3
const firstSlots = 16
/** The share of slots in use at which a table grows. */
const fullest = 0.7
const tables = 256

/**
 * Remembers who was in a file, and in which row first, by 64 bits of a hash that is another one for each file. Half a
 * million people take 12 MB, where a Map of strings takes 80; that any two of them are taken for one has a probability
 * of 1 in 10^8. There are many small tables, since to grow a large one would keep everybody else waiting.
 */
export class SeenPeople {
  readonly #tables = Array.from({ length: tables }, () => new Table())
  readonly #seed = randomInt(2 ** 32)
  readonly #otherSeed = randomInt(2 ** 32)

  /** The row in which this person came first, or `undefined` when it is this one. Rows count from 1. */
  firstRowOf(identity: string, row: number): number | undefined {
    const word = mix(identity, this.#seed)
    const table = this.#tables[word >>> 24] as Table
    return table.firstRowOf(word, mix(identity, this.#otherSeed), row)
  }
}

/** MurmurHash3 with 32 bits, over UTF-16 units: a cryptographic digest takes ten times as long, and nobody is an enemy here. */
function mix(text: string, seed: number): number {
  let hash = seed
  for (let index = 0; index < text.length; index++) {
    const unit = Math.imul(text.charCodeAt(index), 0xcc9e2d51)
    hash ^= Math.imul((unit << 15) | (unit >>> 17), 0x1b873593)
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  hash ^= text.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** Open addressing; a row of 0 is a free slot. */
class Table {
  #slots = new Int32Array(firstSlots * wordsPerSlot)
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
    const [smaller, larger] = [this.#slots, new Int32Array(this.#slots.length * 2)]
    for (let at = 0; at < smaller.length; at += wordsPerSlot) {
      const [word, other, row] = [smaller[at] as number, smaller[at + 1] as number, smaller[at + 2] as number]
      if (row !== 0) put(larger, findSlot(larger, word, other), word, other, row)
    }
    this.#slots = larger
  }
}

/** Where this digest stands, or the free place where it belongs. */
function findSlot(slots: Int32Array, word: number, other: number): number {
  // The number of slots is a power of two.
  const mask = slots.length / wordsPerSlot - 1
  for (let slot = word & mask; ; slot = (slot + 1) & mask) {
    const at = slot * wordsPerSlot
    if (slots[at + 2] === 0 || (slots[at] === word && slots[at + 1] === other)) return at
  }
}

function put(slots: Int32Array, at: number, word: number, other: number, row: number): void {
  slots[at] = word
  slots[at + 1] = other
  slots[at + 2] = row
}
