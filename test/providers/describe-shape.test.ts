import { expect, test } from 'vitest'
import { describeShape } from '../../src/domain/describe-shape.ts'
import { htmlPage } from './adapter-cases.ts'

test.each([
  ['', 'empty'],
  [' \n', 'empty'],
  [htmlPage, `no JSON, ${htmlPage.length} characters of HTML`],
  ['{"items":[', 'no JSON, 10 characters'],
  ['null', 'null'],
  ['[]', '[]'],
  ['"jane@example.com"', 'string'],
  [
    '{"items":[{"id":"x","phone_number":"+919876543210","tags":["vip"],"seen":null},{"id":7}],"total":1}',
    '{items: [{id: string, phone_number: string, tags: [string], seen: null}], total: number}',
  ],
  ['{"+919876543210":true,"jane@example.com":1,"__proto__":{}}', '{*: boolean, *: number, __proto__: {}}'],
  [
    '{"name":"x","custom_attributes":{"Jane":{"smith":1}},"tags":[]}',
    '{name: string, custom_attributes: {*: {*: number}}, tags: []}',
  ],
  ['{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}', '{a: {a: {a: {a: {a: {…}}}}}}'],
])('%s has the shape %s', (text, shape) => {
  expect(describeShape(text)).toBe(shape)
})

test('no value is in it, and it is short whatever comes', () => {
  const secret = 'S3CRET'
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`member_${i}`, [secret, { x: secret }]]))
  const shape = describeShape(JSON.stringify(wide))
  expect(shape).not.toContain(secret)
  expect(shape.length).toBeLessThanOrEqual(1_000)
})
