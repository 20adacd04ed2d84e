import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Account } from '../../src/providers/account.ts'
import type { Adapter, AddressField, Probe } from '../../src/providers/adapter-port.ts'
import { octopush } from '../../src/providers/octopush/index.ts'
import { parseText } from '../../src/providers/reading/coercions.ts'
import { numberKeyForm } from '../../src/providers/reading/key-form.ts'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { createVobizSimulator, defaultVobizCredentials } from '../../src/simulators/vobiz.ts'
import { accountAt } from '../support/account-at.ts'
import { answer, htmlPage, textAnswer } from './adapter-cases.ts'
import { everyAdapter } from './every-adapter.ts'

const adapters = [...everyAdapter.values()]
const settings = { sendEmail: true, emailAttribute: 'email' }

/** The addresses that a provider keeps, each in a field of its own. */
function addressesOf(adapter: Adapter): readonly AddressField[] {
  const rules = adapter.fields(settings)
  return (['email', 'phone', 'whatsapp'] as const).filter((field) => rules[field].kind === 'sent')
}

/** True where a person of whom this address is known can be deleted by calls: it is the key, or tells the key. */
function isDeletedBy({ operations, keyedBy, keyForm }: Adapter, field: AddressField): boolean {
  const tellsKey = operations.findContacts?.by.includes(field) || (keyedBy === field && keyForm === numberKeyForm)
  return operations.deleteContacts !== undefined && tellsKey === true
}

describe.each(adapters)('what $id says of its provider fits the rest:', (adapter) => {
  test('channels of every address that it keeps, and of no other', () => {
    const { channels = {} } = adapter
    expect(Object.keys(channels)).toEqual(addressesOf(adapter))
    for (const channel of channels.email ?? []) expect(channel).toBe('email')
    for (const channel of [...(channels.phone ?? []), ...(channels.whatsapp ?? [])]) expect(channel).not.toBe('email')
  })

  test('words for a person exactly where no calls delete by an address', () => {
    const { byHand } = adapter
    const expected = addressesOf(adapter).filter((field) => !isDeletedBy(adapter, field))
    expect(Object.keys(byHand?.deletion ?? {})).toEqual(expected)
    expect(byHand === undefined).toBe(expected.length === 0)
    for (const words of Object.values(byHand?.deletion ?? {}))
      expect(words).toMatch(new RegExp(`${adapter.title}.*\\.$`))
  })

  test('questions by addresses that it keeps, or that stand in for one', () => {
    const standsIn = adapter.fields(settings).whatsapp.kind === 'standsIn'
    for (const field of adapter.operations.findContacts?.by ?? [])
      expect([...addressesOf(adapter), ...(standsIn ? ['whatsapp'] : [])]).toContain(field)
  })
})

const probes = adapters.flatMap((adapter) => (adapter.probes ?? []).map((probe) => ({ ...probe, adapter })))

describe.each(probes)('the probe $id', ({ id, question, request, read, adapter }) => {
  test('is a question, and a call that changes nothing', () => {
    expect([id.startsWith(`${adapter.id}-`), question.endsWith('?')]).toEqual([true, true])
    expect(Object.keys(request).toSorted()).toEqual(['method', 'path'])
    expect(request).toMatchObject({ method: 'GET', path: expect.stringMatching(/^\/[A-Za-z0-9/?=&%._~-]+$/) })
    expect(probes.filter((other) => other.id === id)).toHaveLength(1)
  })

  test.each([
    textAnswer(200, htmlPage),
    textAnswer(404, htmlPage),
    textAnswer(200, ''),
    answer(200, null),
    answer(401, { error: { code: 'INVALID_CREDENTIALS', message: 'No' } }),
    answer(404, { message: 'Route not found' }),
    answer(429, {}),
    answer(500, {}),
  ])('settles nothing by $status $text', (said) => {
    expect(read(said)).toBeUndefined()
  })
})

describe('the probes of Vobiz', () => {
  const simulator = createVobizSimulator()
  let account: Account
  beforeAll(async () => {
    await simulator.listen()
    account = accountAt(vobiz, simulator.baseUrl, { ...defaultVobizCredentials }, settings)
    await account.channel.send(
      { method: 'POST', path: '/contacts', json: { phone_number: '+919876543210', name: 'Rahul' } },
      { timeoutMs: 5_000 },
    )
  })
  beforeEach(() => simulator.setBehaviour({}))
  afterAll(async () => {
    await account.channel.close()
    await simulator.close()
  })

  async function probe(id: string) {
    const { request, read } = (vobiz.probes ?? []).find((one) => one.id === id) as Probe
    const said = await account.channel.send(request, { timeoutMs: 5_000 })
    if (!('text' in said)) throw new Error(JSON.stringify(said))
    return read({ status: said.status, body: parseText(said.text), text: said.text })
  }

  test('find what the adapter assumes where the provider behaves so', async () => {
    expect(await probe('vobiz-past-the-end')).toBe('An empty page.')
    expect(await probe('vobiz-not-there')).toBe('It is not there (404).')
  })

  test.each([
    ['clamped', 'It is cut to 100.'],
    ['refused', 'It is refused (400).'],
  ])('tell what a page that is too large does: %s', async (outOfRange, told) => {
    simulator.setBehaviour({ quirks: { outOfRange } } as object)
    expect(await probe('vobiz-page-limit')).toBe(told)
  })

  test.each([
    ['404', 'It is not there (404).'],
    ['404-page', undefined],
    ['400', 'It is refused (400).'],
    ['last', 'A page that was not asked for.'],
    ['first', 'A page that was not asked for.'],
  ])('tell what comes after the last page: %s', async (pastEnd, told) => {
    simulator.setBehaviour({ quirks: { pastEnd } } as object)
    expect(await probe('vobiz-past-the-end')).toBe(told)
  })

  test.each([
    ['404-page', undefined],
    ['404-router', undefined],
    ['404-text', undefined],
    ['400', 'It is not there (400).'],
    ['200-null', undefined],
  ])('tell what an id does that is not there: %s', async (notThere, told) => {
    simulator.setBehaviour({ quirks: { notThere } } as object)
    expect(await probe('vobiz-not-there')).toBe(told)
  })
})

describe('an opt-out that Octopush tells of', () => {
  const stop = { message_id: 'sms_1', number: '+33600000000', text: 'stop', stop_date: '2026-03-01 10:00:00' }

  test.each([
    ['as documented', stop],
    ['with more in it', { ...stop, shop: 7 }],
    ['whose plus a form has made a blank', { ...stop, number: ' 33600000000' }],
    ['whose number is a number', { ...stop, number: 33_600_000_000 }],
  ])('%s is one of texts to that number', (_name, told) => {
    expect(octopush.readOptOut?.(told)).toEqual([{ phone: '+33600000000', channel: 'sms' }])
  })

  test.each([undefined, null, 'stop', [], {}, { number: '' }, { number: 'unknown' }, { number: '36184' }, [stop]])(
    '%j is none',
    (told) => {
      expect(octopush.readOptOut?.(told)).toBeUndefined()
    },
  )
})
