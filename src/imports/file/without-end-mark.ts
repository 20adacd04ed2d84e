/** Anything longer than a block of an old disk is no end of a file. */
const longestEnd = 4_096

const controlZ = 0x1a
const lineFeed = 0x0a
const carriageReturn = 0x0d

/** The bytes without a Ctrl-Z at their end, and what line breaks follow it there: old programs end a file so. */
export async function* withoutEndMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | undefined
  for await (const chunk of chunks) {
    const all = held === undefined ? chunk : Buffer.concat([held, chunk])
    const mark = placeOfEndMark(all)
    held = mark === all.length ? undefined : all.subarray(mark)
    yield all.subarray(0, mark)
  }
}

/** Where the Ctrl-Z begins that the bytes end with; their length if there is none. */
export function placeOfEndMark(bytes: Uint8Array): number {
  let mark = bytes.length
  const lowest = Math.max(0, bytes.length - longestEnd)
  for (let index = bytes.length - 1; index >= lowest; index--) {
    const byte = bytes[index]
    if (byte === controlZ) mark = index
    else if (byte !== lineFeed && byte !== carriageReturn) break
  }
  return mark
}
