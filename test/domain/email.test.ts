import fc from 'fast-check'
import isEmail from 'validator/lib/isEmail.js'
import { describe, expect, test } from 'vitest'
import { isPlainEmail, readEmail } from '../../src/domain/email.ts'

const refusal = (detail: RegExp) => ({ code: 'email_invalid', detail: expect.stringMatching(detail) })

describe('an address that is sent as it is', () => {
  test.each([
    'jane@example.com',
    'Jane.Doe+tag@sub.example.co.uk',
    "o'brien@example.com",
    'a@b.co',
    '_@x-y.example',
    'x!#$%&*/=?^`{|}~@example.com',
    'jane@xn--bcher-kva.example',
    'jane@example.xn--p1ai',
    `${'l'.repeat(64)}@${'d'.repeat(63)}.example`,
  ])('%s', (email) => {
    expect(readEmail(email)).toStrictEqual({ email, normalized: false })
  })
})

describe('an address that is tidied', () => {
  test.each([
    [' jane@example.com\u00a0', 'jane@example.com'],
    ['jane@example.com\u200b', 'jane@example.com'],
    ['\u202ajoe@example.com\u202c', 'joe@example.com'],
    ['\ufeffjane@example.com\r\n', 'jane@example.com'],
    ['jane@exam\u00adple.com', 'jane@example.com'],
    ['ja\u200bne@example.com', 'jane@example.com'],
    ['jane@\u2060example.com\u{e0020}', 'jane@example.com'],
    ["'jane@example.com", 'jane@example.com'],
    ["' jane@example.com", 'jane@example.com'],
    ['jane@müller.example', 'jane@xn--mller-kva.example'],
    ['jane@MÜLLER.example', 'jane@xn--mller-kva.example'],
    ['jane@mu\u0308ller.example', 'jane@xn--mller-kva.example'],
    ["'jane@müller.example\u200b", 'jane@xn--mller-kva.example'],
    ['jane@пример.рф', 'jane@xn--e1afmkfd.xn--p1ai'],
    ['jane@例え。テスト', 'jane@xn--r8jz45g.xn--zckzah'],
    ['jane@ｅｘａｍｐｌｅ．com', 'jane@example.com'],
  ])('%j is %s', (raw, email) => {
    expect(readEmail(raw)).toStrictEqual({ email, normalized: true })
  })
})

describe('a value that is no address', () => {
  test.each([
    '',
    ' ',
    '\u200b',
    'jane',
    'jane@',
    '@example.com',
    '@müller.example',
    'jane@example',
    'jane@@example.com',
    'jane@example..com',
    'jane@-example.com',
    'jane@example-.com',
    'jane@exa_mple.com',
    'jane@example.com.',
    'jane@exa mple.com',
    'jane@exa\nmple.com',
    'jane@exa\u0000mple.com',
    'jane doe@example.com',
    'jane..x@example.com',
    '.joe@example.com',
    'jane.@example.com',
    'jane@example.123',
    'jane@127.0.0.1',
    'jane@[127.0.0.1]',
    '"jane doe"@example.com',
    'mailto:jane@example.com',
    `jane@${'d'.repeat(64)}.example`,
    'jane@müller.example/path',
    'jane@mül ler.example',
    'jane@１２７．０．０．１',
    'jane@☃.',
    'jane@ü%2e.example',
  ])('%j', (raw) => {
    expect(readEmail(raw)).toStrictEqual(refusal(/no e-mail address.*name@domain\.example/))
  })

  test.each([
    `${'j'.repeat(65)}@example.com`,
    `jane@${`${'d'.repeat(60)}.`.repeat(5)}example`,
    'a@b.co;'.repeat(10_000),
    `${'@,'.repeat(10_000)}`,
  ])('a long one: %#', (raw) => {
    expect(readEmail(raw)).toStrictEqual(refusal(/too long: 64 characters before the @ and 254/))
  })

  test.each([
    'a@x.com ::: b@x.com',
    'a@x.com; b@x.com',
    'a@x.com;b@x.com',
    'a@x.com, b@x.com',
    'a@x.com b@x.com',
    'a@x.com / b@x.com',
    'a@x.com | b@müller.example',
    'jane@example.com\r\nBcc: bob@example.com',
  ])('several: %j', (raw) => {
    expect(readEmail(raw)).toStrictEqual(refusal(/several e-mail addresses.*one address/))
  })

  test.each([
    'Jane <a@x.com>',
    '"Smith, Jane" <a@x.com>',
    '<a@x.com>',
    'Zoë <zoe@müller.example>',
    'A <a@x.com>, B <b@x.com>',
  ])('an address beside its name: %j', (raw) => {
    expect(readEmail(raw)).toStrictEqual(refusal(/name stands beside.*address alone/))
  })

  test.each(['😀@example.com', 'jané@example.com', '用户@例え.テスト', 'пример@example.com'])(
    'a name that is not ASCII: %j',
    (raw) => {
      expect(readEmail(raw)).toStrictEqual(refusal(/before the @.*ASCII/))
    },
  )
})

describe('what is accepted without the library', () => {
  const letters = fc.constantFrom(...'aZ09.-_+@', 'b.', '-x', '.co', 'xn--')
  const around = fc.string({ unit: letters, maxLength: 30 })
  const addresses = fc.tuple(around, around).map(([name, domain]) => `${name}@${domain}.com`)

  test('is what the library accepts', () => {
    fc.assert(
      fc.property(fc.oneof(addresses, fc.emailAddress(), fc.string()), (text) => {
        return !isPlainEmail(text) || isEmail.default(text, { allow_utf8_local_part: false })
      }),
      { numRuns: 20_000 },
    )
  })

  test('is nearly all of what people have', () => {
    for (const email of ['jane@example.com', 'j.doe+x@mail.example.co.uk', 'a_b-c@x-1.io', 'J0hn@EXAMPLE.ORG'])
      expect(isPlainEmail(email)).toBe(true)
  })

  test('no length makes it slow', () => {
    for (const part of ['a', 'a.', 'a-', 'a@', '-', 'é', "'"])
      expect(readEmail(part.repeat(200_000))).toHaveProperty('code')
  })
})
