import { expect, test } from 'vitest'
import { withImportStores } from '../support/with-import-stores.ts'

const crm = {
  scopes: ['contacts:read', 'contacts:write', 'imports', 'admin', 'suppressions:read', 'suppressions:write'],
}
let serial = 0
const person = () => {
  const number = String(20_000_000 + serial++)
  return { name: 'Jane', email: `q${number}@example.com`, phone: `+336${number}`, tags: ['vip', 'old'] }
}

withImportStores('a change of who is suppressed, with %s,', { changes: { clients: { crm } } }, (gateway) => {
  const suppress = async (suppression: object) => {
    const body = { suppressions: [{ reason: 'opt_out', ...suppression }] }
    expect((await gateway.call('POST', '/suppressions', { body })).status).toBe(207)
  }
  const created = async () => {
    const contact = person()
    const { body } = await gateway.call('POST', '/contacts?account=vobiz-in', { body: contact })
    expect(body.status).toBe('created')
    return { ...contact, id: body.id as string }
  }
  const patch = (id: string, body: object) => gateway.call('PATCH', `/contacts/${encodeURIComponent(id)}`, { body })
  const writes = () => gateway.simulators.vobiz.requests().filter(({ method }) => method !== 'GET').length

  test.each([
    ['a name', { name: 'Joan' }],
    ['a tag', { tags: ['vip', 'old', 'new'] }],
    ['an attribute', { attributes: { city: 'Paris' } }],
    ['one that is cleared beside one that is not', { email: null, name: 'Joan' }],
  ])('is refused where it brings %s, and nothing is written', async (_what, change) => {
    const { id, phone } = await created()
    await suppress({ phone, channels: ['whatsapp'] })
    const before = writes()
    const { status, body } = await patch(id, change)
    expect([status, body.code, body.errors[0].code]).toEqual([422, 'contact-rejected', 'suppressed'])
    expect(body.errors[0].detail).toContain('suppressed for WhatsApp')
    expect(writes()).toBe(before)
  })

  test.each([
    ['takes tags away', { tags: ['vip'] }],
    ['clears all tags', { tags: [] }],
    ['clears a field', { email: null }],
    ['clears an attribute', { attributes: { city: null } }],
  ])('is made where it only %s', async (_what, change) => {
    const { id, phone } = await created()
    await suppress({ phone })
    expect((await patch(id, change)).status).toBe(200)
  })

  test('is made where only another channel is suppressed, but for the address itself', async () => {
    const { id, phone } = await created()
    await suppress({ phone, channels: ['sms'] })
    expect((await patch(id, { name: 'Joan' })).status).toBe(200)
    const other = person()
    await suppress({ email: other.email })
    const { status, body } = await patch(id, { email: other.email })
    expect([status, body.errors]).toMatchObject([422, [{ code: 'suppressed', pointer: '#/email' }]])
  })

  test('is refused whatever it is where the provider cannot be read, and would create', async () => {
    const { phone } = person()
    await suppress({ phone, channels: ['sms'] })
    for (const change of [{ name: 'Joan' }, { email: null }, { tags: [] }]) {
      const { status, body } = await patch(`octopush-fr:${phone}`, change)
      expect([status, body.errors?.[0]?.code]).toEqual([422, 'suppressed'])
    }
    expect(gateway.simulators.octopush.requests()).toHaveLength(0)
  })

  test('goes on where it is a deletion', async () => {
    const { id, phone } = await created()
    await suppress({ phone })
    expect((await gateway.call('GET', `/contacts/${encodeURIComponent(id)}`)).status).toBe(200)
    expect((await gateway.call('DELETE', `/contacts/${encodeURIComponent(id)}`)).status).toBe(204)
  })
})
