import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createClientDirectory, createKey } from '../../src/config/client-directory.ts'
import { configOf, validDocument } from './documents.ts'

const now = Date.UTC(2030, 0, 1)

type Key = { hash: string; expiresAt?: string; scopes?: string[]; networks?: string[] }

function directoryOf(clients: Record<string, Key[]>) {
  const document = validDocument()
  const { crm } = document.clients
  document.clients = Object.fromEntries(Object.entries(clients).map(([id, keys]) => [id, { ...crm, keys }]))
  return createClientDirectory(configOf(document).clients.values())
}

test('finds the client of a key, and of each of several', () => {
  const [old, fresh, other] = [createKey('crm'), createKey('crm'), createKey('shop')]
  const directory = directoryOf({ crm: [{ hash: old.hash }, { hash: fresh.hash }], shop: [{ hash: other.hash }] })
  expect([old, fresh, other].map(({ key }) => directory.byKey(key, now)?.client.id)).toEqual(['crm', 'crm', 'shop'])
})

test('knows a key until the moment of its expiry, and not from then on', () => {
  const { key, hash } = createKey('crm')
  const directory = directoryOf({ crm: [{ hash, expiresAt: '2030-01-01T01:00:00+01:00' }] })
  expect(directory.byKey(key, now - 1)?.client.id).toBe('crm')
  expect(directory.byKey(key, now)).toBeUndefined()
})

test('a key may have fewer scopes and networks than its client, and never more', () => {
  const [whole, reading, near] = [createKey('crm'), createKey('crm'), createKey('crm')]
  const keys = [
    { hash: whole.hash },
    { hash: reading.hash, scopes: ['contacts:read'] },
    { hash: near.hash, networks: ['10.1.2.0/24', '192.0.2.0/24'] },
  ]
  const directory = directoryOf({ crm: keys })
  const client = (key: string) => directory.byKey(key, now)?.client
  expect([...(client(reading.key)?.scopes ?? [])]).toEqual(['contacts:read'])
  expect(client(reading.key)?.allowsAddress('10.1.9.9')).toBe(true)
  expect(client(near.key)?.scopes).toEqual(client(whole.key)?.scopes)
  expect(client(near.key)?.allowsAddress('10.1.2.3')).toBe(true)
  expect(client(near.key)?.allowsAddress('10.1.9.9')).toBe(false)
  expect(client(near.key)?.allowsAddress('192.0.2.1')).toBe(false)
})

test('knows no other key', () => {
  const { key, hash } = createKey('crm')
  const directory = directoryOf({ crm: [{ hash }] })
  const others = [
    createKey('crm').key,
    key.slice(0, -1),
    `${key}A`,
    ` ${key}`,
    `${key}\n`,
    key.toUpperCase(),
    key.replace('cgw_crm_', 'cgw_shop_'),
    hash,
    '',
    '__proto__',
    'x'.repeat(16_384),
  ]
  for (const other of others) expect(directory.byKey(other, now)).toBeUndefined()
})

test('knows no key whose hash stands under another client than the one that it names', () => {
  const { key, hash } = createKey('crm')
  expect(directoryOf({ crm: [{ hash }] }).byKey(key, now)?.client.id).toBe('crm')
  for (const other of ['shop', 'crm-2', 'c', 'crmm'])
    expect(directoryOf({ [other]: [{ hash }] }).byKey(key, now)).toBeUndefined()
})

test('knows no key of another form, even when its hash is configured', () => {
  const weak = ['', 'secret', 'cgw_crm_', 'cgw_crm_short', `cgw_CRM_${'A'.repeat(43)}`, `crm_${'A'.repeat(43)}`]
  const directory = directoryOf({ crm: weak.map((key) => ({ hash: `sha256:${hash('sha256', key, 'hex')}` })) })
  for (const key of weak) expect(directory.byKey(key, now)).toBeUndefined()
})

test('makes keys of 32 random bytes in base64url, never the same', () => {
  const keys = Array.from({ length: 100 }, () => createKey('crm-2'))
  for (const { key, hash: configured } of keys) {
    expect(key).toMatch(/^cgw_crm-2_[A-Za-z0-9_-]{43}$/)
    expect(Buffer.from(key.slice('cgw_crm-2_'.length), 'base64url')).toHaveLength(32)
    expect(configured).toBe(`sha256:${hash('sha256', key, 'hex')}`)
  }
  expect(new Set(keys.map(({ key }) => key)).size).toBe(100)
})

test.each(['', 'CRM', 'a_b', '-a', 'x'.repeat(65), 'a\n'])('makes no key for %j, which is no id', (id) => {
  expect(() => createKey(id)).toThrow(RangeError)
})
