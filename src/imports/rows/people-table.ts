/** Two words of a digest, the row, and 24 bits of its values above 8 for groups: four words, found by a shift of two. */
const wordsPerSlot = 4
const slotShift = 2
const firstSlots = 16
/** The first four bits of a digest choose the table, the last 24 the place in it. */
const tableShift = 28
/** The share of slots in use at which a table grows. */
const fullest = 0.7
const groupBits = 8
const groupMask = (1 << groupBits) - 1
const placeMask = 0xffffff
const places = placeMask + 1

/** One for each bit. */
export const groupsPerTable = groupBits

/** 64 bits of a digest, in two words. */
export type Digest64 = Int32Array

/** An earlier row that is the same person for some groups, a bit each; `differs`: not in all of its values. */
export type Earlier = { readonly row: number; readonly groups: number; readonly differs: boolean }

/**
 * Remembers who was in a file, in which row first, by 64 bits of a digest: that any two of half a million people are taken
 * for one has a probability of 1 in 10^8. They take 12 MB, where a Map of strings takes 80. There are 16 tables: to grow a
 * large one would keep everybody else waiting, and many small ones are never in a cache.
 */
export class PeopleTable {
  readonly #tables: Table[] = []

  /**
   * Notes that a row is there for some groups, and tells which row was there before it for each of them; `undefined` when
   * none was. Rows count from 1; of `values` 24 bits are compared.
   */
  note(person: Digest64, row: number, values: number, groups: number): readonly Earlier[] | undefined {
    const [word, other] = [person[0] as number, person[1] as number]
    const number = word >>> tableShift
    this.#tables[number] ??= new Table()
    return this.#tables[number].note(word, other, row, values << groupBits, groups)
  }
}

/** Open addressing; a row of 0 is a free slot. A person whose first rows are not the same for all groups has several. */
class Table {
  #slots = new Int32Array(firstSlots << slotShift)
  #used = 0
  #room = Math.floor(firstSlots * fullest)

  note(word: number, other: number, row: number, values: number, groups: number): Earlier[] | undefined {
    if (this.#used >= this.#room) this.#grow()
    const slots = this.#slots
    let open = groups
    let found: Earlier[] | undefined
    let at = placeOf(slots, word)
    for (; slots[at + 2] !== 0; at = after(slots, at)) {
      if (slots[at] !== word || slots[at + 1] !== other) continue
      const last = slots[at + 3] as number
      const same = last & open & groupMask
      if (same === 0) continue
      found ??= []
      found.push({ row: slots[at + 2] as number, groups: same, differs: (last & ~groupMask) !== values })
      open &= ~same
      if (open === 0) return found
    }
    put(slots, at, word, other, row, values | open)
    this.#used++
    return found
  }

  #grow(): void {
    const smaller = this.#slots
    const size = nextSize(smaller.length >> slotShift)
    const larger = new Int32Array(size << slotShift)
    for (let from = 0; from < smaller.length; from += wordsPerSlot) {
      const [word, row] = [smaller[from] as number, smaller[from + 2] as number]
      if (row === 0) continue
      let at = placeOf(larger, word)
      while (larger[at + 2] !== 0) at = after(larger, at)
      put(larger, at, word, smaller[from + 1] as number, row, smaller[from + 3] as number)
    }
    // Its memory is free at once, where the collector would leave it for long.
    smaller.buffer.transfer(0)
    this.#slots = larger
    this.#room = Math.floor(size * fullest)
  }
}

/** 16, 24, 32, 48, 64 …: doubling would leave more than half of the slots empty. */
function nextSize(slots: number): number {
  return (slots & (slots - 1)) === 0 ? (slots / 2) * 3 : (slots / 3) * 4
}

/**
 * Where the search for a digest begins. The bits that chose the table are the same for all. Larger digests are further
 * back: so a table that grows is read and written in one direction, without a miss of the cache for each.
 */
function placeOf(slots: Int32Array, word: number): number {
  return Math.trunc(((word & placeMask) * (slots.length >> slotShift)) / places) << slotShift
}

function after(slots: Int32Array, at: number): number {
  return at + wordsPerSlot === slots.length ? 0 : at + wordsPerSlot
}

function put(slots: Int32Array, at: number, word: number, other: number, row: number, last: number): void {
  slots[at] = word
  slots[at + 1] = other
  slots[at + 2] = row
  slots[at + 3] = last
}
