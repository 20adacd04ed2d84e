import { readlinkSync } from 'node:fs'
import files, { type FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

/** What of an open file is counted, and can go wrong. */
export type FileCall = 'write' | 'read' | 'sync' | 'datasync' | 'close'

export type Fault = {
  readonly call: FileCall
  /** Which of the calls, from 1. */
  readonly nth: number
  /** An error of the file system; `half` or `nothing` of the bytes are done; `lie`: half of them, and it says all. */
  readonly how: `E${string}` | 'half' | 'nothing' | 'lie'
  /** What becomes of all later calls of this kind; they are good where it is not given. */
  readonly after?: `E${string}` | 'nothing'
}

export type WatchedFiles = {
  readonly counts: Readonly<Record<FileCall, number>>
  /** Files are as they were. */
  restore(): void
}

type Method = (this: FileHandle, ...parts: unknown[]) => Promise<unknown>

const handle = await files.open('/dev/null')
const prototype = Object.getPrototypeOf(handle) as Record<Exclude<FileCall, 'close'>, Method>
await handle.close()

/** Counts the calls on open files of this thread whose path matches, and lets one of them fail as on a bad or full disk. */
export function watchFiles(path: RegExp, fault?: Fault, before: (call: FileCall, nth: number) => void = () => {}) {
  const counts = { write: 0, read: 0, sync: 0, datasync: 0, close: 0 }
  const { write, read, sync, datasync } = prototype
  const { open } = files

  const watched = (call: FileCall, original: Method): Method =>
    async function (...parts) {
      if (!path.test(pathOf(this))) return original.apply(this, parts)
      counts[call]++
      before(call, counts[call])
      const how = fault?.call === call ? howOf(fault, counts[call]) : undefined
      return how === undefined ? original.apply(this, parts) : goWrong(how, call, original.bind(this), parts)
    }

  prototype.write = watched('write', write)
  prototype.read = watched('read', read)
  prototype.sync = watched('sync', sync)
  prototype.datasync = watched('datasync', datasync)
  // Each file has a `close` of its own. One that was unlinked has no path any more by which it could be told later.
  files.open = async (...given) => {
    const file = await open(...given)
    if (!path.test(String(given[0]))) return file
    const close = file.close.bind(file)
    file.close = async () => {
      const nth = ++counts.close
      before('close', nth)
      await close()
      const how = fault?.call === 'close' ? howOf(fault, nth) : undefined
      if (how !== undefined) throw Object.assign(new Error(`${how}: made by a test`), { code: how })
    }
    return file
  }
  syncBuiltinESMExports()

  const restore = () => {
    Object.assign(prototype, { write, read, sync, datasync })
    files.open = open
    syncBuiltinESMExports()
  }
  return { counts, restore } satisfies WatchedFiles
}

function howOf({ nth, how, after }: Fault, now: number): Fault['how'] | undefined {
  if (now === nth) return how
  return now > nth ? after : undefined
}

async function goWrong(
  how: Fault['how'],
  call: FileCall,
  original: (...parts: unknown[]) => Promise<unknown>,
  parts: unknown[],
): Promise<unknown> {
  if (how !== 'half' && how !== 'lie' && how !== 'nothing') {
    throw Object.assign(new Error(`${how}: made by a test`), { code: how })
  }
  const [buffer, offset, length, position] = parts as [Uint8Array, number, number, number | null]
  const name = call === 'read' ? 'bytesRead' : 'bytesWritten'
  if (how === 'nothing') return { [name]: 0, buffer }
  const half = await original(buffer, offset, Math.ceil(length / 2), position)
  return how === 'lie' ? { [name]: length, buffer } : half
}

function pathOf({ fd }: FileHandle): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}
