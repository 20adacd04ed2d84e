/** MurmurHash3 with 32 bits, over pairs of UTF-16 units: a cryptographic digest takes ten times as long, and nobody is an enemy here. */
export function hashText(text: string, seed: number): number {
  const { length } = text
  let hash = seed
  for (let index = 1; index < length; index += 2) {
    hash ^= scatter(text.charCodeAt(index - 1) | (text.charCodeAt(index) << 16))
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  if (length % 2 === 1) hash ^= scatter(text.charCodeAt(length - 1))
  hash ^= length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

function scatter(pair: number): number {
  const spread = Math.imul(pair, 0xcc9e2d51)
  return Math.imul((spread << 15) | (spread >>> 17), 0x1b873593)
}
