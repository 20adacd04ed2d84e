import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { decodeAnswer, encodeAnswer, isResumable } from '../../src/store/answer-codec.ts'
import { answerOf } from '../conformance/store-under-test.ts'

test('an answer takes 7 bytes more than its body and headers', async () => {
  expect(await encodeAnswer(answerOf('x'.repeat(4096), { headers: {} }))).toHaveLength(4096 + 7)
})

test('bodies above 4 KB are compressed, where that makes them smaller', async () => {
  const text = Buffer.from('{"status":"created","warnings":[]},'.repeat(3000))
  expect((await encodeAnswer(answerOf(text))).length).toBeLessThan(text.length / 20)
  const random = randomBytes(100_000)
  const encoded = await encodeAnswer(answerOf(random, { headers: {} }))
  expect(encoded).toHaveLength(random.length + 7)
  expect(await decodeAnswer(encoded)).toEqual(answerOf(random, { headers: {} }))
})

test('the first byte tells whether an answer can be resumed', async () => {
  expect(isResumable(await encodeAnswer(answerOf('x', { resumable: true })))).toBe(true)
  expect(isResumable(await encodeAnswer(answerOf('x', { resumable: false })))).toBe(false)
})

test('the layout of a later version is refused', async () => {
  const encoded = await encodeAnswer(answerOf('x'))
  encoded.writeUInt8(0x20, 0)
  await expect(decodeAnswer(encoded)).rejects.toThrow('cannot read')
})

test.each([
  ['no headers', {}],
  ['headers', { location: '/contacts/é"\\', 'x-items-failed': '0' }],
])('an answer with %s comes back with the request that did the work', async (_, headers) => {
  const answer = answerOf('x', { headers, request: 'a.b_c-1' })
  expect(await decodeAnswer(await encodeAnswer(answer))).toEqual(answer)
  expect(() => encodeAnswer({ ...answer, request: 'a"b' })).toThrow(RangeError)
})
