import { describe } from 'vitest'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { answer, htmlPage, runAnswers, textAnswer } from './adapter-cases.ts'
import { failure, rahul, settings, target } from './vobiz-example.ts'

describe('errors of Vobiz', () => {
  const error = (code: string, message: string, details?: object) => ({
    status: 'error',
    error: { code, message, ...(details && { details }) },
    timestamp: '2025-10-12T10:30:00.000Z',
    requestId: 'req_7a8b9c0d1e2f',
  })
  const fields = { errors: [{ field: 'phone_number', message: 'must be E.164', code: 'INVALID_FORMAT', value: '98' }] }
  const cases: [status: number, body: unknown, kind: string, code: string | undefined, message: string | undefined][] =
    [
      [
        400,
        error('VALIDATION_ERROR', 'Validation failed', fields),
        'invalid',
        'VALIDATION_ERROR',
        'Validation failed (phone_number: must be E.164)',
      ],
      [
        422,
        error('VALIDATION_ERROR', 'Validation failed', fields),
        'invalid',
        'VALIDATION_ERROR',
        'Validation failed (phone_number: must be E.164)',
      ],
      [
        422,
        error('VALIDATION_ERROR', '', { errors: [{ message: 'too long' }] }),
        'invalid',
        'VALIDATION_ERROR',
        'too long',
      ],
      [422, error('VALIDATION_ERROR', 'no', { errors: [] }), 'invalid', 'VALIDATION_ERROR', 'no'],
      [400, error('validation_error', 'no', { errors: 'odd' }), 'invalid', 'validation_error', 'no'],
      [401, error('INVALID_CREDENTIALS', 'no'), 'credentials', 'INVALID_CREDENTIALS', 'no'],
      [400, error('token_expired', 'no'), 'credentials', 'token_expired', 'no'],
      [402, error('INSUFFICIENT_BALANCE', 'no'), 'limitReached', 'INSUFFICIENT_BALANCE', 'no'],
      [402, error('SOMETHING', 'no'), 'limitReached', 'SOMETHING', 'no'],
      [403, error('PLAN_LIMIT', 'no'), 'limitReached', 'PLAN_LIMIT', 'no'],
      [400, error('MONTHLY_QUOTA_EXCEEDED', 'no'), 'limitReached', 'MONTHLY_QUOTA_EXCEEDED', 'no'],
      [403, { message: 'Your plan has no API' }, 'limitReached', undefined, 'Your plan has no API'],
      ...[405, 406, 410, 411, 414, 415, 426, 501].map((status): (typeof cases)[number] => [
        status,
        { message: 'no' },
        'misaddressed',
        undefined,
        'no',
      ]),
      [403, error('ACCOUNT_INACTIVE', 'no'), 'credentials', 'ACCOUNT_INACTIVE', 'no'],
      [404, error('CONTACT_NOT_FOUND', 'no'), 'notFound', 'CONTACT_NOT_FOUND', 'no'],
      [400, error('contact_not_found', 'no'), 'notFound', 'contact_not_found', 'no'],
      [409, error('DUPLICATE_CONTACT', 'no'), 'conflict', 'DUPLICATE_CONTACT', 'no'],
      [409, error('SOMETHING', 'no'), 'conflict', 'SOMETHING', 'no'],
      [422, error('Duplicate_Contact', 'no'), 'conflict', 'Duplicate_Contact', 'no'],
      [400, error('CONTACT_ALREADY_EXISTS', 'no'), 'conflict', 'CONTACT_ALREADY_EXISTS', 'no'],
      [400, error('SOMETHING', 'no'), 'invalid', 'SOMETHING', 'no'],
      [408, error('SOMETHING', 'no'), 'unavailable', 'SOMETHING', 'no'],
      [500, { error: { code: 'internal_error', message: 'boom' } }, 'unavailable', 'internal_error', 'boom'],
      [500, error('VALIDATION_ERROR', 'no'), 'unavailable', 'VALIDATION_ERROR', 'no'],
      [503, { status: 'unavailable' }, 'unavailable', undefined, undefined],
      [400, { status: 'error', message: 'flat' }, 'invalid', undefined, 'flat'],
      [401, { message: 'flat' }, 'credentials', undefined, 'flat'],
      [429, { message: 'flat' }, 'rateLimited', undefined, 'flat'],
      [400, { code: 'INVALID_NUMBER', message: 'flat' }, 'invalid', 'INVALID_NUMBER', 'flat'],
      [404, { error: 'not here', api_id: 'a' }, 'notFound', undefined, 'not here'],
      [404, { error: 'Duplicate entry' }, 'notFound', undefined, 'Duplicate entry'],
      [404, { error: 'this', message: 'that' }, 'notFound', undefined, 'this'],
      [500, { api_id: 'a', message: 'flat' }, 'unavailable', undefined, 'flat'],
      [400, [1], 'invalid', undefined, undefined],
    ]
  runAnswers(
    vobiz,
    'createContact',
    { contact: rahul, target, settings },
    cases.map(([status, body, kind, code, message]) => ({
      name: `${status} ${JSON.stringify(body).slice(0, 90)} is ${kind}`,
      response: answer(status, body),
      outcome: failure(kind, { status, ...(code && { code }), ...(message && { message }) }),
    })),
  )
  runAnswers(vobiz, 'createContact', { contact: rahul, target, settings }, [
    {
      name: '502 with HTML',
      response: textAnswer(502, htmlPage),
      outcome: failure('unavailable', { status: 502, message: '502 Bad Gateway' }),
    },
    { name: '401 with an empty body', response: textAnswer(401, ''), outcome: failure('credentials', { status: 401 }) },
    {
      name: 'of a long text one line is taken, cut',
      response: textAnswer(500, 'x'.repeat(2000)),
      outcome: failure('unavailable', { status: 500, message: 'x'.repeat(200) }),
    },
    {
      name: 'a wait that is not a limit is left alone',
      response: answer(422, error('VALIDATION_ERROR', 'no', { retryAfter: 7 })),
      outcome: failure('invalid', { status: 422, code: 'VALIDATION_ERROR', message: 'no' }),
    },
  ])
})
