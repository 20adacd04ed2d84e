import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { retryAfterMs } from '../../src/providers/retry-after.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const hourMs = 3_600_000

test.each<[header: string | undefined, ms: number | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['abc', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['1.5', undefined],
  ['1, 2', undefined],
  ['0x10', undefined],
  ['Infinity', undefined],
  ['0', 0],
  [' 7 ', 7_000],
  ['99999999999', hourMs],
  ['9'.repeat(400), hourMs],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
  ['Sun Mar  1 12:00:30 2026', 30_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
  ['Fri, 31 Dec 9999 23:59:59 GMT', hourMs],
  ['Sun, 32 Mar 2026 12:00:30 GMT', undefined],
])('Retry-After %j is %s', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms)
})

test('a date without a zone is GMT wherever the gateway runs', () => {
  const module = join(import.meta.dirname, '../../src/providers/retry-after.ts')
  const program = `import { retryAfterMs } from ${JSON.stringify(module)}
    console.log(new Date(0).getHours(), retryAfterMs('Sun Mar  1 12:00:30 2026', ${now}))`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, TZ: 'Asia/Tokyo' },
    encoding: 'utf8',
  })
  expect(printed.trim()).toBe('9 30000')
})
