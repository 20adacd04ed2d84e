import { describe, expect, test } from 'vitest'
import { bodyOf, deliveryIdOf, eventIdOf } from '../../../src/services/events/event-body.ts'

const at = Date.parse('2026-11-30T10:00:00Z')

describe('The body of an event', () => {
  test('is whole while it fits', () => {
    const data = { id: 'x', accounts: ['a'] }
    expect(JSON.parse(bodyOf({ type: 'test', at, request: 'r', data }))).toEqual({
      type: 'test',
      timestamp: '2026-11-30T10:00:00.000Z',
      data,
      request: 'r',
    })
  })

  test('is cut to 20 KB where it is larger, its largest members first, and says so', () => {
    const accounts = Array.from({ length: 1_000 }, (_, index) => ({
      account: `account-${index}`,
      detail: 'é'.repeat(40),
    }))
    const progress = Object.fromEntries(accounts.map(({ account }) => [account, { created: 1 }]))
    const text = bodyOf({ type: 'import.finished', at, data: { id: 'x', status: 'completed', accounts, progress } })
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(20 * 1024)
    const { data, truncated } = JSON.parse(text)
    expect(truncated).toBe(true)
    expect(data).toMatchObject({ id: 'x', status: 'completed' })
    expect(data.accounts.length).toBeGreaterThan(0)
  })
})

describe('The id of an event', () => {
  test('is the same for the same client, event and cause, and shows nothing of them', () => {
    const id = eventIdOf('crm', 'import.finished', 'the cause')
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(eventIdOf('crm', 'import.finished', 'the cause')).toBe(id)
    const others = [
      eventIdOf('erp', 'import.finished', 'the cause'),
      eventIdOf('crm', 'erasure.finished', 'the cause'),
      eventIdOf('crm', 'import.finished', 'another'),
      deliveryIdOf(id, 'one'),
      deliveryIdOf(id, 'two'),
    ]
    expect(new Set([id, ...others]).size).toBe(6)
  })
})
