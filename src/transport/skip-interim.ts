import type { Socket } from 'node:net'

/** `HTTP/1.1 1`: what an interim answer begins with, in bytes, up to the first digit of its code. */
const placeOfCode = 9
const one = 0x31
const blankLine = Buffer.from('\r\n\r\n')
/** A longer head is not an interim answer: the reader of answers says what is wrong with it. */
const longestHead = 16_384
const switching = '101'

/**
 * Takes interim answers (100 Continue, 102, 103 Early Hints) out of what a socket reads, however they are cut: some
 * servers and proxies send them unasked, and undici takes the first of the kinds for a broken answer. The gateway waits
 * for none of them.
 */
export function skipInterim(socket: Socket): void {
  const [read, write] = [socket.read, socket.write]
  // Only the head of an answer may be one; what comes after it is left alone.
  let isAtHead = false
  let held: Buffer | undefined

  // The head of a request goes as a text, its body as bytes.
  socket.write = function (this: Socket, ...written: unknown[]) {
    if (typeof written[0] === 'string') isAtHead = true
    return Reflect.apply(write, this, written)
  } as Socket['write']

  socket.read = function (this: Socket, size?: number) {
    for (;;) {
      const chunk: Buffer | null = read.call(this, size)
      if (!isAtHead || chunk === null) return chunk
      const bytes = held === undefined ? chunk : Buffer.concat([held, chunk])
      held = undefined
      const rest = withoutInterim(bytes)
      if (rest.length > 0 && !isUndecided(rest)) {
        isAtHead = false
        return rest
      }
      if (rest.length > 0) held = rest
    }
  }
}

/** What follows the interim answers that are whole. */
function withoutInterim(bytes: Buffer): Buffer {
  let rest = bytes
  while (isInterim(rest)) {
    const end = rest.indexOf(blankLine)
    if (end < 0) break
    rest = rest.subarray(end + blankLine.length)
  }
  return rest
}

/** More has to come before it can be told. */
function isUndecided(bytes: Buffer): boolean {
  return bytes.length < placeOfCode + switching.length || (isInterim(bytes) && bytes.length < longestHead)
}

function isInterim(bytes: Buffer): boolean {
  return (
    bytes[placeOfCode] === one &&
    bytes.length >= placeOfCode + switching.length &&
    bytes.toString('latin1', placeOfCode, placeOfCode + switching.length) !== switching
  )
}
