import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { askedWaitMs, retryAfterMs } from '../../src/providers/retry-after.ts'

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

const epoch = now / 1000
test.each<[name: string, headers: object, body: unknown, ms: number | undefined]>([
  ['a header', { retryAfter: '7' }, { retry_after: 9 }, 7_000],
  ['a member of the body', {}, { retry_after: 9 }, 9_000],
  ['… as a text', {}, { retryAfter: '9' }, 9_000],
  ['… with its unit', {}, { retry_after: '1.5s' }, 1_500],
  ['… in milliseconds', {}, { retry_after_ms: 250 }, 250],
  ['… of the details of an error', {}, { error: { details: { retryAfter: '7' } } }, 7_000],
  ['… of the details', {}, { details: { retryAfter: 7 } }, 7_000],
  ['… of the first error', {}, { errors: [{ retry_after: 7 }] }, 7_000],
  ['… of a list of details', {}, { error: { details: [{ reason: 'x' }, { retryDelay: '7s' }] } }, 7_000],
  ['… of the data', {}, { status: 'error', data: { retry_after: 7 } }, 7_000],
  ['… of its parameters', {}, { ok: false, parameters: { retry_after: 7 } }, 7_000],
  ['… in a list of errors', {}, { errors: [{ message: 'no' }, { meta: { retryAfter: '7 seconds' } }] }, 7_000],
  ['… in words', {}, { message: 'Too many requests. Try again in 7 seconds.' }, 7_000],
  ['… in words of an error', {}, { error: { message: 'Please retry after 2 minutes' } }, 120_000],
  ['… in words with another number', {}, { message: 'At most 5 requests. Wait 7s before the next.' }, 7_000],
  ['words without a time', {}, { message: 'At most 5 requests in 7 seconds' }, undefined],
  ['a window as a structured field', { rateLimitReset: '"default";r=0;t=30' }, {}, 30_000],
  ['a window at a time of ISO 8601', { rateLimitReset: '2026-03-01T12:00:30Z' }, {}, 30_000],
  ['a window with its unit', { rateLimitReset: '30s' }, {}, 30_000],
  ['a window that ends in so many seconds', { rateLimitReset: '30' }, {}, 30_000],
  ['… at a second of the epoch', { rateLimitReset: String(epoch + 30) }, {}, 30_000],
  ['… at a millisecond of the epoch', { rateLimitReset: String(now + 30_000) }, {}, 30_000],
  ['… that is over', { rateLimitReset: String(epoch - 30) }, {}, 0],
  ['… at a date', { rateLimitReset: 'Sun, 01 Mar 2026 12:00:30 GMT' }, {}, 30_000],
  ['an absurd wait', {}, { retry_after: 1e9 }, hourMs],
  ['nothing', {}, {}, undefined],
  ['no time', { rateLimitReset: 'soon' }, { retry_after: 'soon' }, undefined],
  ['a negative wait', {}, { retry_after: -1 }, undefined],
])('a provider asks for fewer requests by %s', (_name, headers, body, ms) => {
  const answer = { status: 429, text: '', retryAfter: undefined, ...headers }
  expect(askedWaitMs('rateLimited', answer, body, now)).toBe(ms)
})

test('the end of a window says nothing where nobody asks for fewer requests', () => {
  const answer = { status: 500, text: '', retryAfter: undefined, rateLimitReset: '30' }
  expect(askedWaitMs('unavailable', answer, { retry_after: 9 }, now)).toBeUndefined()
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
