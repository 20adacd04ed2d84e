import { describe, expect, test } from 'vitest'
import {
  ExactNumber,
  isBeyondExact,
  isSameNumber,
  parseExactly,
  parseJson,
  withDoubles,
} from '../../src/domain/exact-number.ts'
import { readNumbers } from '../../src/domain/read-numbers.ts'
import { createRandom, type Random } from '../support/random.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

/** Numbers of all the forms that JSON knows, many of them at the edge of what a double holds. */
function numberText(random: Random): string {
  const digits = (most: number) => Array.from({ length: 1 + random.int(most) }, () => random.int(10)).join('')
  const whole = random.pick([
    '0',
    String(1 + random.int(9)) + (random.chance(0.5) ? digits(30) : ''),
    String(2n ** 53n + BigInt(random.int(5) - 2)),
    String(random.int(2 ** 31)),
  ])
  const fraction = random.chance(0.4) ? `.${random.pick([digits(3), digits(25), `${digits(2)}00`, '0'])}` : ''
  const exponent = random.chance(0.2)
    ? random.pick(['e', 'E']) + random.pick(['', '+', '-']) + random.pick([digits(1), digits(3), '0'])
    : ''
  return (random.chance(0.3) ? '-' : '') + whole + fraction + exponent
}

/** JSON without white space, with numbers in every place and texts that look like them. */
function jsonText(random: Random, depth = 0): string {
  const kind = random.int(depth > 3 ? 3 : 5)
  const many = (make: (index: number) => string) => Array.from({ length: random.int(5) }, (_, index) => make(index))
  if (kind < 2) return numberText(random)
  if (kind === 2)
    return random.pick([
      'true',
      'null',
      JSON.stringify(`a\\"${numberText(random)},`),
      JSON.stringify(`\\\\: ${numberText(random)}`),
      JSON.stringify(`\0${numberText(random)}`),
      JSON.stringify(`\\u0000${numberText(random)}`),
      JSON.stringify(`é👩"${'\\'.repeat(random.int(4))}`),
    ])
  if (kind === 3) return `[${many(() => jsonText(random, depth + 1))}]`
  return `{${many((index) => `${JSON.stringify(`m"${index}\\`)}:${jsonText(random, depth + 1)}`)}}`
}

describe(`numbers of any form (SEED=${seed})`, () => {
  test('come out of reading and writing digit by digit, wherever they stand', () => {
    const random = createRandom(seed)
    for (let run = 0; run < 5_000; run++) {
      const text = jsonText(random)
      expect(JSON.stringify(parseJson(text))).toBe(text)
      expect(withDoubles(parseJson(text))).toEqual(finite(JSON.parse(text)))
    }
  })

  test('are ordinary numbers exactly when a double writes them alike and ±2^53 is not passed', () => {
    const random = createRandom(seed)
    for (let run = 0; run < 20_000; run++) {
      const text = numberText(random)
      const isOrdinary = String(Number(text)) === text && Math.abs(Number(text)) <= 2 ** 53
      expect([text, typeof parseJson(text)]).toEqual([text, isOrdinary ? 'number' : 'object'])
    }
  })

  test('are beyond ±2^53 by their digits, not by their doubles', () => {
    const random = createRandom(seed)
    for (let run = 0; run < 20_000; run++) {
      const text = numberText(random)
      expect([text, isBeyondExact(new ExactNumber(text))]).toEqual([text, isBeyond(text)])
    }
  })
})

/** Where JSON has no number for a double. */
function finite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(finite)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, finite(member)]))
  return value === Number.POSITIVE_INFINITY
    ? Number.MAX_VALUE
    : value === Number.NEGATIVE_INFINITY
      ? -Number.MAX_VALUE
      : value
}

/** Compared as integers, with so many zeros behind both that neither has a fraction. */
function isBeyond(text: string): boolean {
  const [mantissa = '', exponent = '0'] = text.replace('-', '').toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  if (text.replace(/^-/, '').match(/e-/i)) {
    const scale = 10n ** BigInt(-Number(text.toLowerCase().split('e')[1]))
    return BigInt(whole + fraction) > 2n ** 53n * 10n ** BigInt(fraction.length) * scale
  }
  return BigInt(whole + fraction) * 10n ** BigInt(exponent) > 2n ** 53n * 10n ** BigInt(fraction.length)
}

test.each(['0', '1', '-1', '42', '4.5', '-0.25', '123456789012345', '9007199254740992', '-9007199254740991', '0.1'])(
  '%s stays a number',
  (text) => {
    expect(parseJson(`{"a":[${text}]}`)).toEqual({ a: [Number(text)] })
  },
)

test('a text that looks like a long number is a text', () => {
  expect(parseJson('{"a":"9007199254740993","b":": 1.0,","c":"\\\\","1e400":-5}')).toEqual({
    a: '9007199254740993',
    b: ': 1.0,',
    c: '\\',
    '1e400': -5,
  })
})

test('a number that is named twice is the last one, in its own form', () => {
  expect(JSON.stringify(parseJson('{"a":1.0,"a":2.50}'))).toBe('{"a":2.50}')
})

test('an exact number reads as its text wherever a text is made of it', () => {
  const { a } = parseExactly('{"a":1e400}') as { a: ExactNumber }
  expect([String(a), `${a}`, JSON.stringify([a]), Object.keys(a)]).toEqual(['1e400', '1e400', '[1e400]', []])
})

describe('two numbers', () => {
  const value = (text: string) => parseJson(text) as number | ExactNumber
  test.each([
    ['1.0', '1'],
    ['1e3', '1000'],
    ['0.10', '0.1'],
    ['-0', '0'],
    ['0e5', '0.000'],
    ['1E+2', '100.00'],
    ['12345678901234567890', '1234567890123456789e1'],
    ['1e400', '10e399'],
    ['1e21', '1000000000000000000000'],
  ])('are the same: %s and %s', (one, other) => {
    expect([isSameNumber(value(one), value(other)), isSameNumber(value(other), value(one))]).toEqual([true, true])
  })
  test.each([
    ['9007199254740993', '9007199254740992'],
    ['1.10000000000000001', '1.1'],
    ['1e400', '1e401'],
    ['1.0', '-1'],
    ['0.1', '1'],
  ])('are not: %s and %s', (one, other) => {
    expect(isSameNumber(value(one), value(other))).toBe(false)
  })
})

describe('where a schema asks for a number', () => {
  const schema = {
    type: 'object',
    properties: {
      total: { type: 'number' },
      rows: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'integer' }] } },
      meta: { anyOf: [{ type: 'null' }, { type: 'object', properties: { limit: { type: 'number' } } }] },
      counts: { type: 'object', patternProperties: { '^.*$': { type: 'integer' } } },
      any: {},
    },
  }
  const read = (text: string) => readNumbers(parseJson(text), schema, new Set(['number', 'integer']))

  test('it gets one, and what is only carried keeps its digits', () => {
    const text = '{"total":1e2,"rows":[1.0,"x",2],"meta":{"limit":25.0,"x":1.0},"counts":{"a":3.0},"any":[1.0],"x":1.0}'
    expect(JSON.stringify(read(text))).toBe(
      '{"total":100,"rows":[1,"x",2],"meta":{"limit":25,"x":1.0},"counts":{"a":3},"any":[1.0],"x":1.0}',
    )
  })

  test('and has one, the value is left as it is', () => {
    const value = parseJson('{"total":1,"any":[1.0],"rows":null,"meta":[]}')
    expect(readNumbers(value, schema, new Set(['number', 'integer']))).toBe(value)
  })
})
