import { describe } from 'vitest'
import { octopush } from '../../src/providers/octopush/index.ts'
import { answer, contact, htmlPage, runAnswers, textAnswer } from './adapter-cases.ts'

const input = {
  contacts: [contact({ phone: '+33612345678' })],
  target: { list: 'Newsletter' },
  onConflict: 'update',
  settings: { optOutFlag: 'none' },
}
const failure = (kind: string, provider: object) => ({ failure: { kind, provider } })

describe('answers of Octopush that are no success', () => {
  const kinds: [kind: string, codes: number[]][] = [
    ['credentials', [101, 108, 109, 113, 114, 201, 207, 300]],
    ['invalid', [100, 110, 111, 115, 117, 121, 150, 151, 306, 308]],
    ['limitReached', [301, 304]],
    ['tooLarge', [305]],
    ['notFound', [303]],
    ['unavailable', [125, 500, 501]],
  ]
  const shapes = (code: number) => [{ code }, { code: String(code) }, { error_code: code }]
  runAnswers(
    octopush,
    'addContacts',
    input,
    kinds.flatMap(([kind, codes]) =>
      codes.flatMap((code) =>
        shapes(code).map((body) => ({
          name: `400 ${JSON.stringify(body)} is ${kind}`,
          response: answer(400, body),
          outcome: failure(kind, { status: 400, code: String(code) }),
        })),
      ),
    ),
  )
  const observed = 'STOP mention ([STOP au 30101]) is missing from your text.'
  runAnswers(octopush, 'addContacts', input, [
    {
      name: 'the form that was seen live',
      response: answer(400, { code: 121, message: observed }),
      outcome: failure('invalid', { status: 400, code: '121', message: observed }),
    },
    { name: '401 without a body', response: textAnswer(401, ''), outcome: failure('credentials', { status: 401 }) },
    { name: '403 without a body', response: textAnswer(403, ''), outcome: failure('credentials', { status: 403 }) },
    {
      name: '429 stays a rate limit',
      response: answer(429, { code: 117 }),
      outcome: failure('rateLimited', { status: 429, code: '117' }),
    },
    {
      name: '500 stays one',
      response: answer(500, { code: 117 }),
      outcome: failure('unavailable', { status: 500, code: '117' }),
    },
    {
      name: '502 with HTML',
      response: textAnswer(502, htmlPage),
      outcome: failure('unavailable', { status: 502, message: '502 Bad Gateway' }),
    },
    { name: '201 without items', response: answer(201, {}), outcome: failure('unreadable', { status: 201 }) },
    ...[
      'Too many contacts in one request.',
      'The contacts field must not have more than 100 items.',
      'Trop de contacts',
    ].map((message) => ({
      name: `400 in words: ${message}`,
      response: answer(400, { code: 117, message }),
      outcome: failure('tooLarge', { status: 400, code: '117', message }),
    })),
    ...[422, 403].map((status) => ({
      name: `${status} in words of size`,
      response: answer(status, { message: 'You can send at most 50 contacts' }),
      outcome: failure('tooLarge', { status, message: 'You can send at most 50 contacts' }),
    })),
    {
      name: '413 of a proxy',
      response: textAnswer(413, htmlPage),
      outcome: failure('tooLarge', { status: 413, message: '502 Bad Gateway' }),
    },
    {
      name: 'a limit of the plan is none of the call',
      response: answer(403, { message: 'Your plan allows at most 500 contacts. Please upgrade.' }),
      outcome: failure('limitReached', {
        status: 403,
        message: 'Your plan allows at most 500 contacts. Please upgrade.',
      }),
    },
    {
      name: 'words of a list that is not there',
      response: answer(400, { message: 'The contact list does not exist.' }),
      outcome: failure('notFound', { status: 400, message: 'The contact list does not exist.' }),
    },
    {
      name: '201 with items that are no list',
      response: answer(201, { items: {} }),
      outcome: failure('unreadable', { status: 201 }),
    },
    { name: '201 with an empty body', response: textAnswer(201, ''), outcome: failure('unreadable', { status: 201 }) },
    { name: '200 with HTML', response: textAnswer(200, htmlPage), outcome: failure('unreadable', { status: 200 }) },
    {
      name: '200 that says error may have been applied',
      response: answer(200, { code: 101, message: 'wrong login' }),
      outcome: failure('unreadable', { status: 200, code: '101', message: 'wrong login' }),
    },
    {
      name: 'a code that repeats the status is none of its own',
      response: answer(201, { status: 'error', code: 201, message: 'no' }),
      outcome: failure('unreadable', { status: 201, code: '201', message: 'no' }),
    },
    {
      name: 'words of a list that is not there, whatever the status of the refusal',
      response: answer(409, { message: 'This list does not exist' }),
      outcome: failure('notFound', { status: 409, message: 'This list does not exist' }),
    },
    {
      name: 'items in a refusal are no success',
      response: answer(400, { items: [] }),
      outcome: failure('invalid', { status: 400 }),
    },
  ])
})
