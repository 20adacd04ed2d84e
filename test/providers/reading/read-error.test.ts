import { describe, expect, test } from 'vitest'
import type { ProviderResponse } from '../../../src/providers/port.ts'
import { isForeign } from '../../../src/providers/reading/foreign-answer.ts'
import { deniesSuccess, judgeBody } from '../../../src/providers/reading/judge-body.ts'
import { readError } from '../../../src/providers/reading/read-error.ts'
import { answer, htmlPage, textAnswer } from '../adapter-cases.ts'

describe('what a provider says of an error', () => {
  const rows: [body: unknown, code: string | undefined, message: string | undefined][] = [
    [{ errors: [{ cd: 'INVALID_EMAIL', message: 'no' }] }, 'INVALID_EMAIL', 'no'],
    [{ errors: [{ cd: 1042, message: 'no' }] }, '1042', 'no'],
    [{ errors: ['no', 'other'] }, undefined, 'no'],
    [{ error: { code: 'X', message: 'no' } }, 'X', 'no'],
    [{ error: 'no' }, undefined, 'no'],
    [{ error: 'this', message: 'that' }, undefined, 'this'],
    [{ error: 'DUPLICATE_CONTACT', message: 'no' }, 'DUPLICATE_CONTACT', 'no'],
    [{ message: 'no' }, undefined, 'no'],
    [{ code: 121, message: 'no' }, '121', 'no'],
    [{ error_code: 121 }, '121', undefined],
    [{ detail: 'no' }, undefined, 'no'],
    [{ detail: [{ loc: ['body', 'name'], msg: 'field required' }] }, undefined, 'field required'],
    [{ title: 'Not acceptable', status: 422 }, undefined, 'Not acceptable'],
    [{ message: 'no', errors: { phone_number: ['is taken'] } }, undefined, 'no (phone_number: is taken)'],
    [{ error: { message: 'no', details: [{ field: 'name', message: 'too long' }] } }, undefined, 'no (name: too long)'],
    [{ error: { message: 'no', details: ['too long'] } }, undefined, 'no (too long)'],
    [{ error: { message: 'no', details: { errors: [{ message: 'too long' }] } } }, undefined, 'no (too long)'],
    [[{ code: 'X', message: 'no' }], 'X', 'no'],
    [{ message: ['no'] }, undefined, undefined],
    [{ code: 'Jane Smith, Pune', message: 'no' }, undefined, 'no'],
    [{ name: 'Jane Smith', phone_number: '+919876543210' }, undefined, undefined],
    [{ error: { contact: { name: 'Jane Smith' } } }, undefined, undefined],
    [{ details: { name: 'Jane Smith' } }, undefined, undefined],
    [['Jane Smith'], undefined, undefined],
    ['{"error":{"code":"X","message":"no"},"contact":{"name":"Jane Smith"}}', 'X', 'no'],
    ['{"name":"Jane Smith"}', undefined, undefined],
    [null, undefined, undefined],
  ]
  test.each(rows)('%j', (body, code, message) => {
    expect(readError(answer(400, body))).toEqual({ code, message })
  })

  const texts: [text: string, message: string | undefined][] = [
    ['', undefined],
    ['Bad Request', 'Bad Request'],
    ['first line\nJane Smith', 'first line'],
    [htmlPage, '502 Bad Gateway'],
    ['<html><body>Jane Smith</body></html>', undefined],
    ['x'.repeat(2000), 'x'.repeat(200)],
    ["Duplicate entry 'Jane Smith' for key 'name'", 'Duplicate entry … for key …'],
    ['Not saved: {"name":"Jane Smith"}', 'Not saved:'],
    ["The e-mail isn't one, and doesn't end", "The e-mail isn't one, and doesn't end"],
    ['<title>Error: "Jane Smith" exists</title>', 'Error: … exists'],
  ]
  test.each(texts)('of a text one line at most: %j', (text, message) => {
    expect(readError(textAnswer(400, text))).toEqual({ code: undefined, message })
    expect(readError(textAnswer(200, text))).toEqual({ code: undefined, message: undefined })
  })

  test('of a success that is none nothing is taken but its words on the error', () => {
    expect(readError(answer(200, { message: 'Jane Smith', name: 'Jane' }))).toEqual({})
    expect(readError(answer(200, { success: false, message: 'no', name: 'Jane' }))).toEqual({ message: 'no' })
  })
})

describe('what a body says of the request', () => {
  const rows: [body: unknown, verdict: string][] = [
    [{ status: 'success' }, 'succeeded'],
    [{ status: 'OK' }, 'succeeded'],
    [{ status: 200 }, 'succeeded'],
    [{ success: 'true' }, 'succeeded'],
    [{ success: 1, errors: [] }, 'succeeded'],
    [{ success: true, error: null, errors: null }, 'succeeded'],
    [{ result: 'deleted' }, 'succeeded'],
    [{}, 'silent'],
    [{ id: 'a', name: 'Jane' }, 'silent'],
    [{ id: 'a', status: 'active' }, 'silent'],
    [{ message: 'Contact deleted' }, 'silent'],
    [{ error: false, message: 'Saved' }, 'silent'],
    [{ code: 0 }, 'silent'],
    [{ status: 'skipped' }, 'skipped'],
    [{ status: 'already_exists' }, 'skipped'],
    [{ success: false }, 'refused'],
    [{ success: null }, 'refused'],
    [{ success: 'partly' }, 'refused'],
    [{ ok: false }, 'refused'],
    [{ error: 'no' }, 'refused'],
    [{ error: {} }, 'refused'],
    [{ errors: [{ message: 'no' }] }, 'refused'],
    [{ status: 'error' }, 'refused'],
    [{ status: 'ERROR', id: 'a' }, 'refused'],
    [{ status: 'failed' }, 'refused'],
    [{ status: 500 }, 'refused'],
    [{ status: 'invalid' }, 'refused'],
    [{ status: 'queued' }, 'unclear'],
    [{ status: 'active' }, 'unclear'],
    [{ status: 'success', code: 'PARTIAL' }, 'unclear'],
    [{ code: 121 }, 'unclear'],
    [{ deleted: 0 }, 'unclear'],
    [{ message: 'Contact not found' }, 'unclear'],
    [[], 'unclear'],
    [null, 'unclear'],
    ['ok', 'unclear'],
    [7, 'unclear'],
  ]
  test.each(rows)('%j: %s', (body, verdict) => {
    expect(judgeBody(answer(200, body))).toBe(verdict)
  })

  test('an empty one says nothing, a page is not understood', () => {
    expect([judgeBody(textAnswer(200, ' \n')), judgeBody(textAnswer(200, htmlPage))]).toEqual(['silent', 'unclear'])
  })

  test('a list of errors beside counts denies nothing by itself', () => {
    expect(deniesSuccess({ total: 2, created: 1, failed: 1, errors: [{ row: 2 }] })).toBe(false)
  })
})

describe('who says "not there"', () => {
  const rows: [response: ProviderResponse, foreign: boolean][] = [
    [textAnswer(404, ''), false],
    [answer(404, { error: { code: 'CONTACT_NOT_FOUND', message: 'no' } }), false],
    [answer(404, { message: 'No query results for model [Contact] 17' }), false],
    [answer(404, { detail: 'Invalid page.' }), false],
    [answer(404, {}), false],
    [textAnswer(404, htmlPage), true],
    [textAnswer(404, '404 page not found\n'), true],
    [answer(404, { message: 'no Route matched with those values' }), true],
    [answer(404, { message: 'The route api/contacts/17 could not be found.' }), true],
    [answer(404, { error: { code: 'ENDPOINT_NOT_FOUND', message: 'x' } }), true],
    [answer(404, { message: 'Cannot DELETE /contacts/17' }), true],
  ]
  test.each(rows)('%j: by somebody else: %s', (response, foreign) => {
    expect(isForeign(response)).toBe(foreign)
  })
})
