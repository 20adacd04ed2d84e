import { gunzipSync, zstdDecompressSync } from 'node:zlib'

/** What was opened is opened again, so many times. */
const deepest = 3

/**
 * The texts that stand in some bytes: as they are, in JSON that writes letters as `\u0040`, in base64 and base64url, and in
 * what gzip or zstd has compressed, each inside of the others too.
 */
export function findTraces(texts: readonly string[], bytes: Buffer): readonly string[] {
  const found = new Set<string>()
  look(bytes, texts, found, deepest)
  return texts.filter((text) => found.has(text))
}

function look(bytes: Buffer, texts: readonly string[], found: Set<string>, depth: number): void {
  for (const text of texts) if (bytes.includes(text)) found.add(text)
  if (depth === 0) return
  for (const inside of opened(bytes)) look(inside, texts, found, depth - 1)
}

function* opened(bytes: Buffer): Generator<Buffer> {
  const text = bytes.toString('latin1')
  if (text.includes('\\u'))
    yield Buffer.from(
      text.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    )
  yield* frames(bytes, Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), zstdDecompressSync)
  yield* frames(bytes, Buffer.from([0x1f, 0x8b, 0x08]), gunzipSync)
  // What is encoded may begin anywhere in the run.
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{12,}/g))
    for (let from = 0; from < 4; from++) yield Buffer.from(run.slice(from), 'base64')
}

/** Whatever begins as compressed bytes do, anywhere, up to its end, the next one, or that of a piece of a file. */
function* frames(bytes: Buffer, magic: Buffer, open: (packed: Buffer) => Buffer): Generator<Buffer> {
  for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) {
    const next = bytes.indexOf(magic, at + 1)
    for (const end of new Set([bytes.length, next === -1 ? bytes.length : next]))
      try {
        yield open(bytes.subarray(at, end))
      } catch {
        // Cut short, or it only looks like one.
      }
  }
}
