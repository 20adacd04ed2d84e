import { contact } from './adapter-cases.ts'

export const id = '9b8a7c6d-5e4f-4a3b-2c1d-0e9f8a7b6c5d'
export const settings = { emailAttribute: 'email', csvImport: true, updateReplaces: false }
export const target = { tag: 'newsletter' }
export const rahul = contact({ name: 'Rahul Sharma', phone: '+919876543210' })
/** The documented example, and what the gateway makes of it. */
export const documented = {
  id,
  account_id: 'MA_XXXXXXXX',
  phone_number: '+919876543210',
  name: 'Rahul Sharma',
  tags: ['vip'],
  custom_attributes: { company: 'Acme' },
  last_active_at: '2026-03-17T14:22:00Z',
  created_at: '2026-03-01T10:00:00Z',
  updated_at: '2026-03-01T10:00:00Z',
}
export const stored = {
  key: id,
  name: 'Rahul Sharma',
  phone: '+919876543210',
  tags: ['vip'],
  attributes: { company: 'Acme' },
  createdAt: '2026-03-01T10:00:00Z',
  updatedAt: '2026-03-01T10:00:00Z',
  lastActivityAt: '2026-03-17T14:22:00Z',
}
export const failure = (kind: string, provider: object) => ({ failure: { kind, provider } })
