import { describe, expect, test } from 'vitest'
import type { Adapter, AddressField } from '../../src/providers/adapter-port.ts'
import { octopush } from '../../src/providers/octopush/index.ts'
import { numberKeyForm } from '../../src/providers/reading/key-form.ts'
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
