import { describe, expect, it } from 'vitest'
import { type AnswerStep, answerSteps, changeAnswer } from '../../src/simulators/change-answer.ts'
import { plantedPerson, plantedTexts } from '../../src/simulators/planted-person.ts'

const contact = () => ({
  id: '00000000-0000-4000-8000-000000000001',
  phone_number: '+33612345678',
  tags: ['vip', 'new'],
  custom_attributes: { company: 'Acme' },
  created_at: '2026-03-01T10:00:00.000Z',
})
const list = () => ({
  status: 200,
  body: {
    items: [
      { id: 'a', phone_number: '+1', status: 'added' },
      { id: 'b', phone_number: '+2', status: 'updated' },
    ],
    total: 2,
    has_more: false,
    empty: [],
    none: {},
  },
})
const single = () => ({ status: 201, body: contact() })

const bodyOf = (answer: { status: number; body: unknown }, ...steps: AnswerStep[]) => changeAnswer(answer, steps).body

/** Each step, tried on a contact: the body that comes out of it. */
const onContact: [AnswerStep, unknown][] = [
  [{ envelope: 'data' }, { data: contact() }],
  [{ inList: true }, [contact()]],
  [{ asJsonText: true }, JSON.stringify(contact())],
  [{ body: ['x'] }, ['x']],
  [{ only: ['id'] }, { id: contact().id }],
  [{ oversize: 5 }, { ...contact(), padding: 'xxxxx' }],
  [{ noBody: true }, undefined],
  [{ status: 204 }, undefined],
  [{ status: 200 }, contact()],
  [
    { set: 7, at: '/score' },
    { ...contact(), score: 7 },
  ],
  [
    { set: '', at: ['/id', '/tags/0'] },
    { ...contact(), id: '', tags: ['', 'new'] },
  ],
  [
    { set: 'last', at: '/tags/-' },
    { ...contact(), tags: ['vip', 'new', 'last'] },
  ],
  [{ set: null, at: '' }, null],
  [{ remove: true, at: '/tags' }, without(contact(), 'tags')],
  [
    { remove: true, at: '/tags/*' },
    { ...contact(), tags: [] },
  ],
  [{ remove: true, at: '/not/there' }, contact()],
  [
    { rename: 'phone', at: '/phone_number' },
    { ...without(contact(), 'phone_number'), phone: '+33612345678' },
  ],
  [
    { nest: 'value', at: '/id' },
    { ...contact(), id: { value: contact().id } },
  ],
  [
    { nest: 'name', at: '/tags/*' },
    { ...contact(), tags: [{ name: 'vip' }, { name: 'new' }] },
  ],
  [{ asNumber: true }, { ...contact(), phone_number: 33612345678 }],
  [{ id: 'number' }, { ...contact(), id: 918_273_645 }],
  [
    { id: 'ulid', at: '/id' },
    { ...contact(), id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/) },
  ],
  [{ times: 'seconds' }, { ...contact(), created_at: 1772359200 }],
  [{ times: 'milliseconds' }, { ...contact(), created_at: 1772359200000 }],
  [{ times: 'seconds-text' }, { ...contact(), created_at: '1772359200' }],
  [{ times: 'no-zone' }, { ...contact(), created_at: '2026-03-01T10:00:00.000' }],
  [{ times: 'blank' }, { ...contact(), created_at: '2026-03-01 10:00:00' }],
  [{ times: 'offset' }, { ...contact(), created_at: '2026-03-01T15:30:00.000+05:30' }],
  [{ times: 'micros' }, { ...contact(), created_at: '2026-03-01T10:00:00.000000Z' }],
  [{ times: 'rfc-2822' }, { ...contact(), created_at: 'Sun, 01 Mar 2026 10:00:00 GMT' }],
  [{ times: 'date' }, { ...contact(), created_at: '2026-03-01' }],
  [{ times: 'go-zero' }, { ...contact(), created_at: '0001-01-01T00:00:00Z' }],
  [{ times: 'epoch-zero' }, { ...contact(), created_at: '1970-01-01T00:00:00Z' }],
  [{ times: 'mysql-zero' }, { ...contact(), created_at: '0000-00-00 00:00:00' }],
  [{ times: 'null' }, { ...contact(), created_at: null }],
  [
    { times: 'empty', at: '/created_at' },
    { ...contact(), created_at: '' },
  ],
  [{ listAs: 'objects' }, { ...contact(), tags: [{ name: 'vip' }, { name: 'new' }] }],
  [{ listAs: 'keyed' }, { ...contact(), tags: { 0: 'vip', 1: 'new' } }],
  [{ listAs: 'joined' }, { ...contact(), tags: 'vip,new' }],
  [{ listAs: 'first' }, { ...contact(), tags: 'vip' }],
  [{ listAs: 'json' }, { ...contact(), tags: '["vip","new"]' }],
  [
    { listAs: 'doubled-list', at: '/tags' },
    { ...contact(), tags: [['vip', 'new']] },
  ],
  [{ objectAs: 'pairs' }, { ...contact(), custom_attributes: [{ key: 'company', value: 'Acme' }] }],
  [{ objectAs: 'json' }, { ...contact(), custom_attributes: '{"company":"Acme"}' }],
  [{ objectAs: 'in-list' }, { ...contact(), custom_attributes: [{ company: 'Acme' }] }],
  [
    { objectAs: 'values', at: '/custom_attributes' },
    { ...contact(), custom_attributes: ['Acme'] },
  ],
  [{ failure: 'success-false' }, { ...contact(), success: false, message: 'Nothing was saved' }],
  [{ failure: 'status-error' }, expect.objectContaining({ id: contact().id, status: 'error' })],
  [{ failure: 'errors-list' }, expect.objectContaining({ errors: [expect.objectContaining({ cd: 'NOT_SAVED' })] })],
  [{ problem: 'detail' }, { detail: 'The request could not be processed' }],
  [{ echo: 'member' }, expect.objectContaining({ id: contact().id, debug: { existing: plantedPerson } })],
]

/** The same on a list. */
const onList: [AnswerStep, object][] = [
  [{ asText: true }, { total: '2', has_more: 'false' }],
  [
    { asText: true, at: '/total' },
    { total: '2', has_more: false },
  ],
  [{ unknownWord: 'queued' }, { items: [{ status: 'queued' }, { status: 'queued' }] }],
  [{ unknownWord: 'queued', at: '/items/1/status' }, { items: [{ status: 'added' }, { status: 'queued' }] }],
  [{ emptyList: 'null' }, { empty: null }],
  [{ emptyList: 'object' }, { empty: {} }],
  [{ emptyObject: 'list' }, { none: [] }],
  [{ emptyObject: 'text', at: '/none' }, { none: '' }],
  [{ order: 'reversed' }, { items: [{ id: 'b' }, { id: 'a' }] }],
  [{ order: 'rotated' }, { items: [{ id: 'b' }, { id: 'a' }] }],
  [{ order: 'swapped', at: '/items' }, { items: [{ id: 'b' }, { id: 'a' }] }],
  [{ oddItem: 'null' }, { items: [null, { id: 'a' }, { id: 'b' }] }],
  [{ oddItem: 'without-id' }, { items: [{ phone_number: '+1' }, { id: 'a' }, { id: 'b' }] }],
  [{ oddItem: 'without-number' }, { items: [{ id: 'odd-1', status: 'added' }, { id: 'a' }, { id: 'b' }] }],
  [{ repeatItem: true }, { items: [{ id: 'a' }, { id: 'b' }, { id: 'a' }] }],
  [{ dropItem: 'first' }, { items: [{ id: 'b' }] }],
  [{ dropItem: 'last' }, { items: [{ id: 'a' }] }],
  [{ dropItem: 'all' }, { items: [] }],
]

/** The text that is sent in place of JSON. */
const inText: [AnswerStep, string | RegExp][] = [
  [{ text: 'OK' }, 'OK'],
  [{ page: 'not-found' }, /^<!doctype html>.*404 Not Found/],
  [{ before: '\n' }, `\n${JSON.stringify(contact())}`],
  [{ after: '{}' }, `${JSON.stringify(contact())}{}`],
  [{ cut: 10 }, JSON.stringify(contact()).slice(0, 10)],
  [{ echo: 'text' }, new RegExp(plantedPerson.email)],
  [{ echo: 'page' }, /^<!doctype html>.*Plantagenet/s],
]

/** How it travels. */
const onTheWire: [AnswerStep, object][] = [
  [{ headerCase: 'lower' }, { wire: { headerCase: 'lower' } }],
  [{ contentType: null }, { wire: { contentType: null } }],
  [{ byteOrderMark: true }, { wire: { byteOrderMark: true } }],
  [{ charset: 'latin1' }, { wire: { charset: 'latin1' } }],
  [{ compress: 'br' }, { wire: { encoding: 'br' } }],
  [{ informational: 100 }, { wire: { informational: 100 } }],
  [{ headers: { 'X-A': 'b' } }, { headers: { 'X-A': 'b' } }],
  [{ page: 'login' }, { wire: { contentType: 'text/html; charset=utf-8' } }],
]

describe('a step on an answer', () => {
  it.each(onContact)('%j changes a contact as it says', (step, expected) => {
    expect(bodyOf(single(), step)).toEqual(expected)
  })

  it.each(onList)('%j changes a list as it says', (step, expected) => {
    expect(bodyOf(list(), step)).toMatchObject(expected)
  })

  it.each(inText)('%j sends a text', (step, expected) => {
    const { text, body } = changeAnswer(single(), [step])
    expect(body).toBeUndefined()
    if (typeof expected === 'string') expect(text).toBe(expected)
    else expect(text).toMatch(expected)
  })

  it.each(onTheWire)('%j changes how the answer travels', (step, expected) => {
    expect(changeAnswer(single(), [step])).toMatchObject(expected)
  })

  it('of every kind is tried here', () => {
    const tried = [...onContact, ...onList, ...inText, ...onTheWire].flatMap(([step]) => Object.keys(step))
    expect(Object.keys(answerSteps).filter((name) => !tried.includes(name))).toEqual([])
  })

  it.each(Object.entries(answerSteps))(
    '%s accepts all of its samples, and refuses nonsense with words',
    (_name, kind) => {
      const [accepts, expected] = kind.value
      for (const sample of kind.samples) expect(accepts(sample)).toBe(true)
      expect(accepts(undefined)).toBe(false)
      expect(expected.length).toBeGreaterThan(5)
    },
  )
})

describe('steps together', () => {
  it('are done one after the other', () => {
    const steps: AnswerStep[] = [{ remove: true, at: '/tags' }, { envelope: 'data' }, { asText: true, at: '/data/n' }]
    expect(bodyOf({ status: 200, body: { n: 1, tags: [] } }, ...steps)).toEqual({ data: { n: '1' } })
  })

  it('remove several items at once, whatever their places', () => {
    expect(bodyOf({ status: 200, body: [1, 2, 3] }, { remove: true, at: ['/0', '/1'] })).toEqual([3])
    expect(bodyOf({ status: 200, body: [1, 2, 3] }, { remove: true, at: '/*' })).toEqual([])
  })

  it('leave JSON that is text by now alone', () => {
    const answer = changeAnswer(single(), [{ text: 'OK' }, { envelope: 'data' }, { remove: true, at: '/id' }])
    expect(answer).toMatchObject({ text: 'OK' })
  })

  it('find nothing to do in an answer without a body', () => {
    const { status, body, text } = changeAnswer({ status: 204 }, [
      { envelope: 'data' },
      { before: 'x' },
      { status: 200 },
    ])
    expect({ status, body, text }).toEqual({ status: 200, body: undefined, text: undefined })
  })

  it('never touch the honest answer, which may be what the simulator holds', () => {
    const answer = list()
    const steps: AnswerStep[] = [{ dropItem: 'all' }, { set: 1, at: '/none/x' }, { set: {}, at: '/total' }]
    changeAnswer(answer, steps)
    expect(answer).toEqual(list())
  })

  it('do not share a value that is set in several places', () => {
    const body = bodyOf({ status: 200, body: { a: 1, b: 2 } }, { set: {}, at: ['/a', '/b'] }, { set: 1, at: '/a/x' })
    expect(body).toEqual({ a: { x: 1 }, b: {} })
  })

  it('say whether the request was applied, whatever status they give', () => {
    expect(changeAnswer(single(), [{ status: 500 }]).applied).toBe(true)
    expect(changeAnswer({ status: 404 }, [{ status: 200 }]).applied).toBe(false)
  })
})

describe('the words of an error', () => {
  const refused = (body: unknown) => ({ status: 422, body })

  it.each([
    [{ status: 'error', errors: [{ cd: 'X', message: 'Bad name' }] }],
    [{ code: 110, message: 'Bad name' }],
    [{ error: { code: 'X', message: 'Bad name' } }],
    [{ error: 'Bad name' }],
    [{ errors: ['Bad name'] }],
  ])('are taken from %j and put in another form', (body) => {
    expect(bodyOf(refused(body), { problem: 'errors-texts' })).toEqual({ errors: ['Bad name'] })
    expect(bodyOf(refused(body), { problem: 'number-codes' })).toMatchObject({
      errors: [{ cd: 422, message: 'Bad name' }],
    })
    expect(bodyOf(refused(body), { problem: 'details-list' })).toMatchObject({
      error: { message: 'Bad name', details: [{ field: 'name' }] },
    })
  })
})

describe('the planted person', () => {
  it.each(['member', 'text', 'page', 'message'] as const)('is in an answer that echoes as %s', (echo) => {
    const { body, text } = changeAnswer(single(), [{ echo }])
    const sent = (text ?? JSON.stringify(body)).toLowerCase()
    expect(plantedTexts.some((planted) => sent.includes(planted))).toBe(true)
  })

  it('is given away by each of its texts', () => {
    const whole = JSON.stringify(plantedPerson).toLowerCase()
    for (const text of plantedTexts) expect(whole).toContain(text)
  })
})

function without<T extends object>(value: T, member: keyof T): object {
  const { [member]: _left, ...rest } = value
  return rest
}
