import { describe, expect, test } from 'vitest'
import type { ProviderResponse } from '../../../src/providers/adapter-port.ts'
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
    [{ message: ['no'] }, undefined, 'no'],
    [{ statusCode: 400, message: ['no', 'other'], error: 'Bad Request' }, undefined, 'no'],
    [{ error: 'Unprocessable Entity', message: 'no' }, undefined, 'no'],
    [{ title: 'Not Found', detail: 'no', status: 404 }, undefined, 'no'],
    [{ error: 'Bad Request' }, undefined, 'Bad Request'],
    [{ Message: 'no' }, undefined, 'no'],
    [{ error_message: 'no' }, undefined, 'no'],
    [{ error: ['no'] }, undefined, 'no'],
    [{ error: { message: ['no'] } }, undefined, 'no'],
    [{ error: { code: 'X', errors: [{ message: 'no' }] } }, 'X', 'no'],
    [{ error: { error: { code: 'X', message: 'no' } } }, 'X', 'no'],
    [{ errors: [['no']] }, undefined, 'no'],
    [{ errors: 'no' }, undefined, 'no'],
    [{ errors: { 0: { code: 'X', message: 'no' } } }, 'X', 'no'],
    [{ errors: { email: { message: 'no' } } }, undefined, 'email: no'],
    [{ message: { email: ['no'] } }, undefined, 'email: no'],
    [{ error: { email: ['no'] } }, undefined, 'email: no'],
    [{ status: { code: 7, message: 'no' } }, '7', 'no'],
    [{ data: { error: { code: 'X', message: 'no' } } }, 'X', 'no'],
    [{ fault: { faultstring: 'no' } }, undefined, 'no'],
    [{ error: { name: 'Jane Smith' } }, undefined, undefined],
    [{ data: { name: 'Jane Smith', tags: ['Pune'] } }, undefined, undefined],
    [{ errors: [{ name: 'Jane Smith' }] }, undefined, undefined],
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
    [{ success: 30, failed: 0 }, 'succeeded'],
    [{ status: 'success', errors: {} }, 'succeeded'],
    [{ status: 'success', data: { id: 'a', name: 'Jane', status: 'pending' } }, 'succeeded'],
    [{ data: null }, 'silent'],
    [{ skipped: true }, 'skipped'],
    [{ success: true, skipped: 1 }, 'skipped'],
    [{ status: 'success', data: { status: 'skipped' } }, 'skipped'],
    [{ Success: false }, 'refused'],
    [{ isSuccess: 'false' }, 'refused'],
    [{ Status: 'Error' }, 'refused'],
    [{ hasError: true }, 'refused'],
    [{ exception: 'IntegrityError' }, 'refused'],
    [{ statusCode: 422 }, 'refused'],
    [{ success: true, data: { status: 'error' } }, 'refused'],
    [{ success: true, result: { success: false } }, 'refused'],
    [{ status: 'success', data: { errors: [{ message: 'no' }] } }, 'refused'],
    [{ success: true, message: 'Contact not found' }, 'unclear'],
    [{ status: 'success', message: 'Nothing was changed' }, 'unclear'],
    [{ message: 'The contact could not be deleted' }, 'unclear'],
    [{ success: true, deleted: false }, 'unclear'],
    [{ deleted: '0' }, 'unclear'],
    [{ deletedCount: 0 }, 'unclear'],
    [{ affected_rows: 0 }, 'unclear'],
    [{ success: true, data: { deleted: 0 } }, 'unclear'],
    [{ status: 'success', failed: 1 }, 'unclear'],
    [{ status: 'success', data: { added: 9, rejected: ['x'] } }, 'unclear'],
    [{ errorCode: 7 }, 'unclear'],
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
    [answer(404, { error: 'Not Found', message: 'No such contact' }), false],
    [answer(404, { title: 'Not Found', detail: 'Contact 17 is unknown', instance: '/contacts/17' }), false],
    [answer(404, { timestamp: 1, error: 'Not Found', message: 'Contact not found', path: '/contacts/17' }), false],
    [answer(404, { error: 'Not Found', message: 'Route GET:/contacts/17 not found', statusCode: 404 }), true],
    [answer(404, { statusCode: 404, message: 'Cannot GET /contacts/17', error: 'Not Found' }), true],
    [answer(404, { timestamp: 1, status: 404, error: 'Not Found', path: '/contacts/17' }), true],
    [answer(404, { title: 'Not Found', detail: 'No static resource contacts/17.', instance: '/contacts/17' }), true],
    [answer(404, { code: 5, message: 'Method does not exist.', details: [] }), true],
    [answer(404, { status: 'error', code: 404, message: 'Application not found' }), true],
    [answer(404, { fault: { faultstring: 'Unable to identify proxy for host: default and url: /x' } }), true],
    [answer(404, { error: { code: 'DEPLOYMENT_NOT_FOUND', message: 'x' } }), true],
    [textAnswer(404, htmlPage), true],
    [textAnswer(404, 'default backend - 404'), true],
    [textAnswer(404, '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'), true],
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
