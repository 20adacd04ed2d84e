import { Buffer } from 'node:buffer'
import { Command } from 'ioredis'

/** Where commands are put together. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024)
/** Before an argument: `$`, its length, and two line ends. */
const aroundArgument = 32

/**
 * A command with bytes among its arguments, written in one go: ioredis makes a list of pieces of it, turns each text into
 * bytes of its own, and joins them. Its reply comes as bytes.
 */
export class BytesCommand extends Command {
  constructor(name: string, args: (string | Buffer | number)[]) {
    super(name, args, { replyEncoding: null })
  }

  override toWritable(socket: object): string | Buffer {
    const args = this.args as readonly (string | Buffer)[]
    let at = scratch.write(`*${args.length + 1}\r\n$${this.name.length}\r\n${this.name}\r\n`, 'latin1')
    for (const arg of args) {
      const size = typeof arg === 'string' ? Buffer.byteLength(arg) : arg.length
      if (at + size + aroundArgument > scratch.length) return super.toWritable(socket)
      at += scratch.write(`$${size}\r\n`, at, 'latin1')
      if (typeof arg === 'string') at += scratch.write(arg, at)
      else at += arg.copy(scratch, at)
      scratch[at] = carriageReturn
      scratch[at + 1] = lineFeed
      at += 2
    }
    const bytes = Buffer.allocUnsafe(at)
    scratch.copy(bytes, 0, 0, at)
    return bytes
  }
}

const carriageReturn = 0x0d
const lineFeed = 0x0a
