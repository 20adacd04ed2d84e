import { describe, expect, test } from 'vitest'
import {
  channelNames,
  channelSet,
  holdsOn,
  type Suppression,
  suppressionReasons,
  unite,
} from '../../src/domain/suppression.ts'

const before: Suppression = {
  kind: 'phone',
  hint: '+33••••78',
  channels: channelSet(['sms']),
  reason: 'opt_out',
  source: 'preference centre',
  note: 'before',
  saidAt: 1,
  createdBy: 'crm',
}
const said: Suppression = { ...before, source: 'support', note: 'said', saidAt: 2, createdBy: 'desk' }

describe('an address that is suppressed once more', () => {
  test('has the channels of both, with what was said of it first', () => {
    const united = unite(before, { ...said, channels: channelSet(['whatsapp']) })
    expect(united).toEqual({ ...before, channels: channelSet(['sms', 'whatsapp']) })
  })

  test('is never narrowed', () => {
    const all = { ...before, channels: channelSet(['*']) }
    expect(unite(all, { ...said, channels: channelSet(['sms']) })).toBeUndefined()
    expect(unite(before, { ...said, channels: channelSet(['*', 'sms']) })?.channels).toBe(channelSet(['*']))
  })

  test('has the strongest reason, with its own source, note, time and client', () => {
    for (const [at, weaker] of suppressionReasons.entries())
      for (const [of, other] of suppressionReasons.entries()) {
        const united = unite({ ...before, reason: weaker }, { ...said, reason: other })
        expect(united).toEqual(of > at ? { ...said, reason: other } : undefined)
      }
    expect(suppressionReasons).toEqual(['manual', 'bounce', 'opt_out', 'complaint', 'erasure'])
  })

  test('keeps its channels when a stronger reason has fewer', () => {
    const stronger = { ...said, reason: 'complaint' as const, channels: channelSet(['whatsapp']) }
    expect(unite(before, stronger)).toEqual({ ...stronger, channels: channelSet(['sms', 'whatsapp']) })
  })
})

test('the person is suppressed on every channel; a channel is itself alone', () => {
  expect(holdsOn(channelSet(['*']), 'email')).toBe(true)
  expect(holdsOn(channelSet(['sms']), 'sms')).toBe(true)
  expect(holdsOn(channelSet(['sms', 'whatsapp']), 'email')).toBe(false)
  expect(holdsOn(channelSet(['email', 'sms', 'whatsapp']), '*')).toBe(false)
  expect(channelNames(channelSet(['whatsapp', 'email']))).toEqual(['email', 'whatsapp'])
  expect(channelNames(channelSet(['*', 'email']))).toEqual(['*'])
})
