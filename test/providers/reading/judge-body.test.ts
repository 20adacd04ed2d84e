import { expect, test } from 'vitest'
import { isJudged, judgeBody } from '../../../src/providers/reading/judge-body.ts'
import { createRandom } from '../../support/random.ts'

const names = [
  ...['phone_number', 'email', 'id', 'name', 'reason', 'detail', 'tags', 'created_at', 'count', 'total', 'contact'],
  ...['success', 'ok', 'Success', 'isSuccess', 'is_success', 'succeeded', 'successful', 'success_count'],
  ...['error', 'Error', 'errors', 'exception', 'fault', 'hasError', 'has_error', 'isError', 'is_error', 'errored'],
  ...['status', 'Status', 'state', 'result', 'statusCode', 'status_code', 'httpStatus', 'http_status', 'message'],
  ...['code', 'error_code', 'errorCode', 'errcode', 'skipped', 'deleted', 'removed', 'rows_affected', 'nModified'],
  ...['failed', 'failedCount', 'failures', 'rejected_rows', 'not_found', 'notDeleted', 'invalid', 'matched_count'],
  ...['data', 'response', 'payload', 'body', 'constructor', '__proto__', ''],
]
const values = [
  ...[0, 1, 404, true, false, null, '', '0', 'no', 'ok', 'error', 'failed', 'skipped', 'created', 'not found', '500'],
  ...[[], ['x'], {}, { success: false }, { error: 'x' }, { status: 'failed' }],
]
const neverJudged = names.filter((name) => !isJudged(name))

test('names that are said not to be judged change no verdict, whatever stands under them', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32))
  const random = createRandom(seed)
  for (let n = 0; n < 5_000; n++) {
    const judged = { [random.pick(names)]: random.pick(values) }
    const more = Object.fromEntries(Array.from({ length: 3 }, () => [random.pick(neverJudged), random.pick(values)]))
    const of = (body: object) => judgeBody({ body, text: '' })
    // An id tells that the body is a record, which words of success stand beside.
    const { id, ...without } = more
    expect(of({ ...without, ...judged }), `SEED=${seed} ${JSON.stringify([judged, without])}`).toBe(of(judged))
    expect(of(more), `SEED=${seed} ${JSON.stringify(more)}`).toBe('silent')
  }
})

test('a name of each kind that is judged is', () => {
  expect(neverJudged.slice(0, 11)).toEqual(names.slice(0, 11))
  expect(neverJudged).not.toContain('failedCount')
  expect(neverJudged.length).toBeLessThan(names.length / 2)
})
