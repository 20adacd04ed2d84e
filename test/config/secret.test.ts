import { format, inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from '../../src/config/secret.ts'

const secret = new Secret('hunter2-hunter2')

test.each([
  ['a template string', `${secret}`],
  ['String()', String(secret)],
  ['concatenation', `${secret}`.concat('')],
  ['JSON', JSON.stringify({ deep: [secret] })],
  ['inspect', inspect({ deep: { secret } }, { depth: 9, showHidden: true })],
  ['format %s', format('%s', secret)],
  ['format %o', format('%o', secret)],
  ['format %j', format('%j', secret)],
  ['its members', JSON.stringify(Object.entries(secret))],
  ['a copy', JSON.stringify({ ...secret })],
])('prints nothing of itself: %s', (_way, text) => {
  expect(text).not.toContain('hunter2')
})

test('says that something is there', () => {
  expect(`${secret} ${JSON.stringify({ secret })} ${inspect(secret)}`).toBe(
    '[redacted] {"secret":"[redacted]"} [redacted]',
  )
})

test('gives itself out when asked', () => {
  expect(secret.reveal()).toBe('hunter2-hunter2')
})

test('cannot be changed', () => {
  expect(() => Object.assign(secret, { reveal: () => 'other' })).toThrow(TypeError)
})
