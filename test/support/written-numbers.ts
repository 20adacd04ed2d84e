import { type CountryCode, getCountries, getExampleNumber, type PhoneNumber } from 'libphonenumber-js/max'
import metadata from 'libphonenumber-js/max/metadata'
import examples from 'libphonenumber-js/mobile/examples'
import type { Random } from './random.ts'

/** How a number came to stand in somebody's list. */
export type Writing = {
  readonly raw: string
  /** The country that the list is of. */
  readonly country: CountryCode | undefined
  /** `whole`: one number, dialled as one can; the others can hold no number that is meant. */
  readonly state: 'whole' | 'changed' | 'decimal' | 'scientific' | 'several'
}

const countries = getCountries()
const examplesOfAll = countries.flatMap((country) => getExampleNumber(country, examples) ?? [])

/** Each country's own prefixes for abroad, of four digits at most, found by trying them all. */
const prefixesOf = new Map(countries.map((country) => [country, prefixesLike(planPrefix(country))]))

function planPrefix(country: CountryCode): string {
  return (metadata.countries as unknown as Record<CountryCode, readonly string[]>)[country]?.[1] as string
}

function prefixesLike(pattern: string): readonly string[] {
  const entirely = new RegExp(`^(?:${pattern})$`)
  const found: string[] = []
  for (let length = 1; length <= 4; length++) {
    for (let n = 0; n < 10 ** length; n++) {
      const digits = String(n).padStart(length, '0')
      if (entirely.test(digits)) found.push(digits)
    }
  }
  return found
}

const between = [
  ' ',
  '\u00a0',
  '\u2009',
  '\u202f',
  '\u3000',
  '-',
  '\u2010',
  '\u2011',
  '\u2013',
  '\u2212',
  '\uff0d',
  '.',
]
const unseen = ['\u200b', '\u00ad', '\u2060', '\ufeff', '\u200e', '\u202d', '\u2067', '\u180e', '\u{e0030}']
const odd = [
  '/',
  '\t',
  '\n',
  '\r\n',
  '  ',
  '\u0000',
  '\u001f',
  ',',
  ';',
  '~',
  '_',
  '*',
  '#',
  'x',
  '٫',
  '(',
  ')',
  '[',
  '+',
]
const joints = ['\n', '\r\n', '  ', '\t', ' / ', ';', '; ', ' ::: ', ', ', ' | ', ' & ']
const zeros = { ascii: 0x30, fullWidth: 0xff10, arabic: 0x660, persian: 0x6f0, hindi: 0x966, bold: 0x1d7ce }

/** One of the example numbers of all countries, written, dialled or damaged in a way that is chosen by chance. */
export function writeNumber(random: Random): Writing {
  const number = random.pick(examplesOfAll)
  const { country, text } = dial(number, random)
  const kind = random.int(12)
  if (kind === 0) return { raw: decimal(text, random), country, state: 'decimal' }
  if (kind === 1) return { raw: scientific(number, random), country, state: 'scientific' }
  if (kind === 2) return { raw: two(number, random), country, state: 'several' }
  if (kind === 3) return { raw: inDigits(punctuated(changed(text, random), random), random), country, state: 'changed' }
  if (kind === 4) return { raw: punctuated(text, random, odd), country, state: 'changed' }
  if (kind === 5) return { raw: `="${text}"`, country, state: 'changed' }
  if (kind === 6) return { raw: text.replace('+', ''), country: random.pick(countries), state: 'changed' }
  if (kind === 7) return { raw: `'${punctuated(text, random)}`, country, state: 'whole' }
  if (kind === 8) return { raw: `tel:${punctuated(text, random)}`, country, state: 'whole' }
  if (kind === 9)
    return { raw: inDigits(text, random, ['fullWidth', 'arabic', 'persian', 'bold']), country, state: 'whole' }
  return { raw: punctuated(text, random), country, state: 'whole' }
}

function dial(number: PhoneNumber, random: Random): { country: CountryCode | undefined; text: string } {
  const home = number.country as CountryCode
  const abroad = random.pick(countries)
  const digits = number.number.slice(1)
  switch (random.int(6)) {
    case 0:
      return { country: home, text: number.formatNational() }
    case 1:
      return { country: home, text: number.nationalNumber }
    case 2:
      return {
        country: random.chance(0.5) ? abroad : undefined,
        text: random.chance(0.5) ? number.number : number.formatInternational(),
      }
    case 3:
      return { country: random.chance(0.5) ? abroad : undefined, text: `00${random.chance(0.5) ? ' ' : ''}${digits}` }
    default:
      return {
        country: abroad,
        text: random.pick(prefixesOf.get(abroad) ?? ['00']) + random.pick(['', ' ', '-']) + digits,
      }
  }
}

function decimal(text: string, random: Random): string {
  return text.replace(/\D/g, '') + random.pick(['.0', '.00', ',0', ',00', '.5', '.25', ',25'])
}

function scientific({ number }: PhoneNumber, random: Random): string {
  const exponential = Number(number.slice(1))
    .toExponential(1 + random.int(6))
    .toUpperCase()
  return random.chance(0.5) ? exponential : exponential.replace('.', ',')
}

function two(number: PhoneNumber, random: Random): string {
  const other = random.pick(examplesOfAll)
  return number.number + random.pick(joints) + other.number
}

function changed(text: string, random: Random): string {
  const characters = [...text]
  for (let times = 1 + random.int(3); times > 0; times--) {
    const at = random.int(characters.length)
    const digit = String(random.int(10))
    characters.splice(at, random.pick([0, 1, 1]), ...(random.chance(0.2) ? [] : [digit]))
  }
  return characters.join('')
}

/** With marks between some digits; where the text has marks already, it gets none beside them. */
function punctuated(
  text: string,
  random: Random,
  marks: readonly string[] = random.pick([between, unseen, []]),
): string {
  if (marks.length === 0) return text
  const share = random.pick([0.1, 0.4])
  return text.replace(/\d(?=\d)/g, (digit) => (random.chance(share) ? digit + random.pick(marks) : digit))
}

function inDigits(text: string, random: Random, scripts = Object.keys(zeros)): string {
  const zero = zeros[random.pick(scripts) as keyof typeof zeros]
  return text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))
}
