import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ImportStoreUnderTest } from '../conformance/import-store-under-test.ts'

const script = fileURLToPath(new URL('import-process.ts', import.meta.url))

/** How the rows in flight were marked: not, by a call of its own, or with the commit before them. */
export type Marks = 'not' | 'apart' | 'with the commit'

/** Starts `import-process.ts`. */
export function startImportProcess(
  openedBy: ImportStoreUnderTest['openedBy'],
  account: string,
  leaseMs: number,
  marks: Marks,
) {
  const storeKey = 'storeKey' in openedBy ? openedBy.storeKey : ''
  const where = 'redisUrl' in openedBy ? openedBy.redisUrl : openedBy.dataDir
  const child = spawn(process.execPath, [script, where, account, String(leaseMs), marks, storeKey], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let output = ''
  const waiting = new Set<() => void>()
  child.stdout.on('data', (data: Buffer) => {
    output += data
    for (const look of waiting) look()
  })
  /** Resolves once it has printed the text; rejects when it ends before, or after 15 s. */
  const printed = async (text: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const look = () => {
      if (output.includes(text)) resolve()
    }
    const fail = (how: string) => reject(new Error(`it ${how} before it printed ${text}: ${output}`))
    const timer = setTimeout(() => fail('was waited for in vain for 15 s'), 15_000)
    child.once('exit', () => fail('ended'))
    waiting.add(look)
    look()
    await promise.finally(() => clearTimeout(timer))
    waiting.delete(look)
  }
  return { child, printed, goOn: () => void child.stdin.write('go on\n') }
}
