import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { expect, test } from 'vitest'
import { type PhoneResult, readPhone } from '../../src/domain/phone.ts'
import { isLongRun } from '../support/long-run.ts'
import { createRandom } from '../support/random.ts'
import { type Writing, writeNumber } from '../support/written-numbers.ts'

/**
 * What is sent is what libphonenumber reads, or nothing. The library is asked here about the raw text, which only lost
 * what cannot be seen: no step of the gateway's own reading is used.
 *
 * `SEED=<seed> npx vitest run test/domain/phone-readings.test.ts` makes the same texts again; `LONG_RUN=1` a million.
 */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32))
const cases = isLongRun ? 1_000_000 : 5_000

/** As a library user would ask: the whole number in the text, valid or none. */
function valid(text: string, country?: CountryCode): string | undefined {
  const parsed = parsePhoneNumberFromString(text, country)
  return parsed?.isValid() === true && parsed.ext === undefined ? parsed.number : undefined
}

function visible(raw: string): string {
  return raw
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
}

/** Countries that have replaced a form of their numbers, and how many last digits stayed what they were. */
const renumbered: Readonly<Record<string, number>> = { 52: 10, 55: 8, 225: 8, 229: 8, 84: 7, 57: 8 }

function isReplacement(e164: string, text: string): boolean {
  const digits = text.replace(/\D/g, '')
  return Object.entries(renumbered).some(
    ([code, kept]) => e164.startsWith(`+${code}`) && digits.endsWith(e164.slice(-kept)) && valid(e164) === e164,
  )
}

function withAsciiDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
}

/** What the gateway may send for a text, at most. */
function isAllowed(e164: string, { raw, country }: Writing): boolean {
  if (e164.length > 16) return false
  const text = visible(raw)
  const own = valid(text, country)
  if (own !== undefined) return e164 === own
  const inAscii = withAsciiDigits(text)
  const abroad = /^\D*0\D*0/.exec(inAscii)
  const asPlus = abroad === null ? undefined : valid(`+${inAscii.slice(abroad[0].length)}`)
  return asPlus === undefined ? isReplacement(e164, inAscii) : e164 === asPlus
}

function complaintAbout(writing: Writing, result: PhoneResult): string | undefined {
  if ('e164' in result) {
    if (!isAllowed(result.e164, writing)) return `${result.e164} is sent`
    if (writing.state !== 'whole' && writing.state !== 'changed')
      return `${result.e164} is sent of a ${writing.state} text`
    return undefined
  }
  const read = valid(visible(writing.raw), writing.country)
  if (writing.state !== 'whole' || read === undefined || read.length > 16) return undefined
  // One or two digits behind the point, or a long number with zeros alone: a spreadsheet's formats.
  const mayBeDecimal = /\d\.(?:\d{1,2}|0+)$/.test(visible(writing.raw))
  return result.code === 'phone_ambiguous' || mayBeDecimal ? undefined : `${read} is refused: ${result.detail}`
}

test('a number that was replaced is no match for one that is in use, however the digits are set', () => {
  expect(readPhone('0025 5781234567', 'BR')).toMatchObject({ code: 'phone_ambiguous' })
  expect(readPhone('+57 8 1234567', 'BR')).toMatchObject({ e164: '+576081234567', replaced: true })
})

test(`the number that is sent is the one that the library reads, or nothing is sent (SEED=${seed})`, {
  timeout: 3_600_000,
}, () => {
  const random = createRandom(seed)
  const counts: Record<string, number> = {}
  for (let n = 0; n < cases; n++) {
    const writing = writeNumber(random)
    const result = readPhone(writing.raw, writing.country)
    const complaint = complaintAbout(writing, result)
    if (complaint !== undefined) expect.fail(`SEED=${seed}, text ${n}: ${complaint} ${JSON.stringify(writing)}`)
    const word = `${writing.state} ${'e164' in result ? 'sent' : result.code}`
    counts[word] = (counts[word] ?? 0) + 1
  }
  if (isLongRun) console.log(`SEED=${seed}`, counts)
  // Whatever refuses everything would pass all that is above.
  expect(counts['whole sent']).toBeGreaterThan(cases / 5)
  expect(counts['whole phone_ambiguous'] ?? 0).toBeLessThan(cases / 50)
})
