import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ImportStoreUnderTest } from '../conformance/import-store-under-test.ts'

const script = fileURLToPath(new URL('import-process.ts', import.meta.url))

/** Starts `import-process.ts`. */
export function startImportProcess(
  openedBy: ImportStoreUnderTest['openedBy'],
  account: string,
  leaseMs: number,
  marks: boolean,
) {
  const where = 'redisUrl' in openedBy ? openedBy.redisUrl : openedBy.dataDir
  const child = spawn(process.execPath, [script, where, account, String(leaseMs), String(marks)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let output = ''
  const waiting = new Set<() => void>()
  child.stdout.on('data', (data: Buffer) => {
    output += data
    for (const look of waiting) look()
  })
  /** Resolves once it has printed the text; rejects when it ends before. */
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output.includes(text)) resolve()
      }
      waiting.add(look)
      child.once('exit', () => reject(new Error(`it ended before it printed ${text}: ${output}`)))
      look()
    })
  return { child, printed, goOn: () => void child.stdin.write('go on\n') }
}
