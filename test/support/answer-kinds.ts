import { gzipSync } from 'node:zlib'
import { type AnswerStep, changeAnswer } from '../../src/simulators/change-answer.ts'
import { errorPages } from '../../src/simulators/error-pages.ts'
import { plantedPerson } from '../../src/simulators/planted-person.ts'
import { asIs, type Honest, type OddRule, type Reply } from './odd-way.ts'
import type { Provider } from './start-fleet.ts'

/** A kind of answer that differs. */
export type AnswerKind = Pick<OddRule, 'passesOn' | 'answer'> & {
  /** The providers whose answers can differ so; all unless given. */
  readonly only?: readonly Provider[]
  /** It says what is not so in the provider's own form, which nobody can see: of what is read it is believed. */
  readonly hides?: true
}

/** The provider does what it is asked; then its answer is another one. */
const after = (answer: (honest: Honest) => Reply, only?: readonly Provider[]): AnswerKind => ({
  passesOn: true,
  answer,
  ...(only && { only }),
})
/** Somebody else answers, or the provider does nothing: what was asked is not done. */
const inPlace = (status: number, body?: string | object, headers?: Reply['headers']): AnswerKind => {
  const text = typeof body === 'object' ? JSON.stringify(body) : body
  const type = text?.startsWith('<') ? { 'content-type': 'text/html' } : {}
  const reply = { status, headers: { ...type, ...headers }, ...(text !== undefined && { body: text }) }
  return { passesOn: false, answer: () => reply }
}

const withWords = ['oblic', 'octopush'] as const
const withItems = ['octopush', 'vobiz'] as const

/** As the simulators change an answer that is told so by `answer` of their behaviour. */
function bySteps(...steps: AnswerStep[]) {
  return ({ status, text }: Honest): Reply => {
    const body = text === '' ? {} : { body: JSON.parse(text) as unknown }
    const changed = changeAnswer({ status, ...body }, steps)
    const sent = changed.text ?? (changed.body === undefined ? undefined : JSON.stringify(changed.body))
    const isBodyless = changed.status === 204 && sent !== undefined
    return { status: isBodyless ? 200 : changed.status, ...(sent !== undefined && { body: sent }) }
  }
}
const steps = (...all: AnswerStep[]) => after(bySteps(...all))
const stepsAt = (only: readonly Provider[], ...all: AnswerStep[]) => after(bySteps(...all), only)

/** With another status; the body says that it succeeded. */
const succeeded = (status: number, only?: readonly Provider[]) =>
  after(({ text }) => ({ status, body: text === '' ? '{"success":true}' : text }), only)

/** With another body, where there is one. */
const rewritten = (rewrite: (text: string) => string | Buffer, headers: Reply['headers'] = {}) =>
  after((honest) =>
    honest.text === '' ? asIs(honest) : { status: honest.status, headers, body: rewrite(honest.text) },
  )

const raw = (write: (honest: Honest) => string) => after((honest) => ({ status: 0, raw: write(honest) }))
const head = ({ status, text }: Honest, length = Buffer.byteLength(text)) =>
  `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\nconnection: keep-alive\r\n\r\n`
const whole = (honest: Honest) => head(honest) + honest.text

/** Of answers that have items, by a step. */
const itemsBy = (step: AnswerStep, only: readonly Provider[] = withItems) =>
  after((honest) => (/^{"items":\[/.test(honest.text) ? bySteps(step)(honest) : asIs(honest)), only)

const numbers = ['/phone_number', '/items/*/phone_number']
const ownError = { status: 'error', error: { code: 'INTERNAL_ERROR', message: 'Nothing was saved' } }

/** The kinds by their names: those of which the provider has done what it was asked, then those of which it has not. */
export const answerKinds = {
  'as documented': after(asIs),
  '200': steps({ status: 200 }),
  '201': steps({ status: 201 }),
  '202': steps({ status: 202 }),
  '206': steps({ status: 206 }),
  '204 and nothing': { ...steps({ status: 204 }), hides: true },
  '202 and nothing': steps({ status: 202 }, { noBody: true }),
  nothing: steps({ noBody: true }),
  null: steps({ body: null }),
  'an empty object': steps({ body: {} }),
  'an empty list': { ...steps({ body: [] }), hides: true },
  'a page, after it was done': steps({ page: 'welcome' }),
  'a page with 502, after it was done': steps({ status: 502 }, { page: 'bad-gateway' }),
  'in an envelope': steps({ envelope: 'data' }),
  'in an envelope of success': after((honest) =>
    honest.text === '' ? asIs(honest) : { status: honest.status, body: `{"success":true,"data":${honest.text}}` },
  ),
  'in a list': steps({ inList: true }),
  'as a JSON text': steps({ asJsonText: true }),
  'with success: false': steps({ failure: 'success-false' }),
  'with an error': steps({ failure: 'error-object' }),
  'with a list of errors': steps({ failure: 'errors-list' }),
  'an error with 200, after it was done': after(() => ({ status: 200, body: JSON.stringify(ownError) })),
  '400 with what succeeded': succeeded(400),
  '404 with what succeeded': succeeded(404),
  '409 with what succeeded': succeeded(409, ['oblic', 'octopush']),
  '413 with what succeeded': succeeded(413),
  '422 with what succeeded': succeeded(422),
  '429 with what succeeded': succeeded(429),
  '500 with what succeeded': succeeded(500),
  'the word queued': stepsAt(withWords, { unknownWord: 'queued' }),
  'the word OK': stepsAt(withWords, { unknownWord: 'OK' }),
  'the word skipped': { ...stepsAt(withWords, { unknownWord: 'skipped' }), hides: true },
  'without its lists and data': {
    ...stepsAt(
      ['vobiz'],
      { set: [], at: ['/tags', '/items/*/tags'] },
      { set: {}, at: ['/custom_attributes', '/items/*/custom_attributes'] },
    ),
    hides: true,
  },
  'without its number': stepsAt(withItems, { remove: true, at: numbers }),
  'with an id alone': stepsAt(['vobiz'], { only: ['id'] }),
  'somebody else': { ...after(somebodyElse, withItems), hides: true },
  'another number': { ...stepsAt(withItems, { set: '+919100000000', at: numbers }), hides: true },
  'another id': { ...stepsAt(['vobiz'], { id: 'other' }), hides: true },
  'numbers as numbers': stepsAt(withItems, { asNumber: true, at: numbers }),
  'numbers with blanks': after((honest) => rewriteNumbers(honest, '+$1 $2 $3'), withItems),
  'numbers without a country': after((honest) => rewriteNumbers(honest, '0$2$3'), withItems),
  'numbers and flags as texts': steps({ asText: true }),
  'lists as objects': stepsAt(withItems, { listAs: 'keyed' }),
  'lists in lists': stepsAt(withItems, { listAs: 'doubled-list' }),
  'objects as pairs': stepsAt(['vobiz'], { objectAs: 'pairs' }),
  'an odd item': itemsBy({ oddItem: 'text', at: '/items' }),
  'an item twice': itemsBy({ repeatItem: true, at: '/items' }),
  'an item less': itemsBy({ dropItem: 'last', at: '/items' }, ['vobiz']),
  'no item': itemsBy({ dropItem: 'all', at: '/items' }),
  'cut short': rewritten((text) => text.slice(0, text.length / 2)),
  'broken off': raw((honest) => head(honest, Buffer.byteLength(honest.text) + 100) + honest.text),
  'longer than it says': raw((honest) => head(honest, Math.floor(honest.text.length / 2)) + honest.text),
  'after a warning of PHP': rewritten((text) => `<br />\n<b>Warning</b>: Undefined array key "id"<br />\n${text}`),
  'after 100 Continue': after((honest) => ({ ...asIs(honest), informational: 100 })),
  'after 102 Processing': after((honest) => ({ ...asIs(honest), informational: 102 })),
  'after 101 Switching Protocols': raw(
    (honest) => `HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n${whole(honest)}`,
  ),
  'two answers': raw((honest) => whole(honest) + whole(honest)),
  'kept alive and closed': raw(whole),
  'HTTP/1.0 without a length': raw(
    ({ status, text }) => `HTTP/1.0 ${status} X\r\ncontent-type: application/json\r\n\r\n${text}`,
  ),
  gzip: rewritten((text) => gzipSync(text), { 'content-encoding': 'gzip' }),
  'gzip without a word': rewritten((text) => gzipSync(text)),
  'a byte order mark': rewritten((text) => `\ufeff${text}`),
  'as text/html': rewritten((text) => text, { 'content-type': 'text/html' }),
  '303, after it was done': after(() => ({ status: 303, headers: { location: '/' } })),
  'a page with 200': inPlace(200, errorPages.login),
  'a page with 403': inPlace(403, errorPages.challenge),
  'a page with 404': inPlace(404, errorPages['not-found']),
  'a page with 502': inPlace(502, errorPages['bad-gateway']),
  'a router that knows no such path': inPlace(404, { message: 'no Route matched with those values' }),
  '302 to a login': inPlace(302, undefined, { location: '/login' }),
  '429 without Retry-After': inPlace(429, { message: 'Too Many Requests' }),
  '503 and nothing': inPlace(503),
  'success: false alone': inPlace(200, { success: false, message: 'Nothing was saved' }),
  'an error with 200': inPlace(200, ownError),
} as const satisfies Readonly<Record<string, AnswerKind>>

export type AnswerKindName = keyof typeof answerKinds

/** Every number of the answer in another form. */
function rewriteNumbers({ status, text }: Honest, form: string): Reply {
  return asIs({ status, text: text.replace(/\+(91)(\d{5})(\d+)/g, form) })
}

/** The one contact, or the first of several, is somebody else. */
function somebodyElse(honest: Honest): Reply {
  if (honest.text === '') return asIs(honest)
  const body = JSON.parse(honest.text)
  const [first, ...others] = body.items ?? [body]
  const other = { ...first, ...plantedPerson }
  return asIs({
    ...honest,
    text: JSON.stringify(body.items === undefined ? other : { ...body, items: [other, ...others] }),
  })
}
