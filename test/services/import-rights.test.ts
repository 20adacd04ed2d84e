import { expect, test } from 'vitest'
import type { Client } from '../../src/domain/client.ts'
import { createImportRights } from '../../src/services/catalog/import-rights.ts'

const client = (id: string, changes: Partial<Client> = {}): Client => ({
  id,
  scopes: new Set(['imports']),
  allowsAddress: () => true,
  maySeeList: () => true,
  mayUseAccount: () => true,
  rateLimit: { requests: 1, windowSeconds: 1 },
  requireIdempotencyKey: false,
  ...changes,
})
const clients = (...some: Client[]) => new Map(some.map((one) => [one.id, one]))

const minuteMs = 60_000
const start = Date.parse('2026-11-30T12:00:00Z')
const at = (ms: number) => new Date(start + ms).toISOString()

function rightsAt() {
  let now = start
  const rights = createImportRights(() => now)
  const of = (createdAt: string, listId = 'news') => rights.of({ client: 'crm', listId, createdAt })
  return { ...rights, of, later: (ms: number) => (now += ms) }
}

test('an import of a client that is there goes on', () => {
  const { of, replace } = rightsAt()
  replace(clients(client('crm')))
  expect(of(at(-1))).toBe('go')
})

test('what was seen to be taken away stops at once: the client, its list, its scope', () => {
  for (const next of [
    clients(),
    clients(client('crm', { maySeeList: (list) => list === 'other' })),
    clients(client('crm', { scopes: new Set(['contacts:read']) })),
  ]) {
    const { of, replace } = rightsAt()
    replace(clients(client('crm')))
    replace(next)
    expect(of(at(5_000))).toBe('stop')
    replace(clients(client('crm')))
    expect(of(at(5_000))).toBe('go')
  }
})

test('a batch that is sent as an import needs the right to write alone', () => {
  const { of, replace } = rightsAt()
  replace(clients(client('crm', { scopes: new Set(['contacts:write']) })))
  expect(of(at(0))).toBe('go')
})

test('a client that was never known here may be new to this process alone: its imports are left to others', () => {
  const { of, replace, later } = rightsAt()
  replace(clients(client('other')))
  later(10 * minuteMs)
  expect(of(at(minuteMs))).toBe('wait')
})

test('one whose import is older than the configuration was taken away while nobody was here: it stops after a minute', () => {
  const { of, replace, later } = rightsAt()
  replace(clients(client('other')))
  expect(of(at(-minuteMs))).toBe('wait')
  later(minuteMs)
  expect(of(at(-minuteMs))).toBe('stop')
})
