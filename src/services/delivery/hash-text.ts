/** Odd numbers whose bits look random; those of MurmurHash3. */
const factor = 0xcc9e2d51
const otherFactor = 0x1b873593

/**
 * 32 bits of a text, over pairs of its UTF-16 units: a cryptographic digest takes ten times as long, and nobody is an enemy
 * here.
 */
export function hashText(text: string, seed: number): number {
  const { length } = text
  let hash = seed
  for (let index = 1; index < length; index += 2)
    hash = mixIn(hash, text.charCodeAt(index - 1) | (text.charCodeAt(index) << 16), factor)
  if (length % 2 === 1) hash = mixIn(hash, text.charCodeAt(length - 1), factor)
  return spread(hash ^ length)
}

/** Two hashes of a text in one pass over it: `seeds` holds a word for each, and their 64 bits afterwards. */
export function hashTwice(text: string, seeds: Int32Array): void {
  const { length } = text
  let one = seeds[0] as number
  let other = seeds[1] as number
  for (let index = 1; index < length; index += 2) {
    const pair = text.charCodeAt(index - 1) | (text.charCodeAt(index) << 16)
    one = mixIn(one, pair, factor)
    other = mixIn(other, pair, otherFactor)
  }
  const last = length % 2 === 1 ? text.charCodeAt(length - 1) : 0
  seeds[0] = spread(mixIn(one, last, factor) ^ length)
  seeds[1] = spread(mixIn(other, last, otherFactor) ^ length)
}

function mixIn(hash: number, pair: number, by: number): number {
  const product = Math.imul(hash ^ pair, by)
  return product ^ (product >>> 15)
}

/** The end of MurmurHash3: each bit that went in changes half of those that come out. */
function spread(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35)
  return whole ^ (whole >>> 16)
}
