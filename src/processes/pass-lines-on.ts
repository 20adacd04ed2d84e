import type { Readable, Writable } from 'node:stream'

const newline = 10

/**
 * Passes what a process prints on, whole lines at a time: what several processes write to one pipe themselves is mixed up
 * in the middle of lines. The rest of a line comes when the process has ended.
 */
export function passLinesOn(from: Readable | null, to: Writable): void {
  let rest: Buffer[] = []
  from?.on('data', (chunk: Buffer) => {
    const end = chunk.lastIndexOf(newline) + 1
    if (end === 0) {
      rest.push(chunk)
      return
    }
    const whole = chunk.subarray(0, end)
    const takes = to.write(rest.length === 0 ? whole : Buffer.concat([...rest, whole]))
    rest = end < chunk.length ? [chunk.subarray(end)] : []
    if (!takes) {
      from.pause()
      to.once('drain', () => from.resume())
    }
  })
  from?.on('end', () => {
    if (rest.length > 0) to.write(Buffer.concat([...rest, Buffer.from('\n')]))
  })
}
