import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { withImportStores } from '../support/with-import-stores.ts'

let serial = 0
/** Somebody of whom no other test knows. */
const person = () => {
  const number = String(10_000_000 + serial++)
  return { name: `Person ${number}`, email: `p${number}@example.com`, phone: `+336${number}` }
}
type Person = ReturnType<typeof person>

const crm = {
  scopes: ['contacts:read', 'contacts:write', 'imports', 'admin', 'suppressions:read', 'suppressions:write'],
}

withImportStores('who is suppressed, with %s,', { changes: { clients: { crm } } }, (gateway) => {
  const suppress = async (...suppressions: object[]) => {
    const entries = suppressions.map((one) => ({ reason: 'opt_out', ...one }))
    const { status, body } = await gateway.call('POST', '/suppressions', { body: { suppressions: entries } })
    expect(status).toBe(207)
    return body.results.map(({ id }: { id: string }) => id) as string[]
  }
  const add = (contacts: readonly object[], query = '', headers: Record<string, string> = {}) =>
    gateway.call('POST', `/lists/newsletter/contacts${query}`, { body: { contacts }, headers })
  const requests = () => {
    const { oblic, octopush, vobiz } = gateway.simulators
    return [...oblic.requests(), ...octopush.requests(), ...vobiz.requests()]
  }
  /** Whether anything that was sent, to anybody, holds the text. */
  const wasSent = (text: string) => requests().some((request) => JSON.stringify(request).includes(text))
  // biome-ignore lint/suspicious/noExplicitAny: of an answer.
  const told = (outcomes: any[]) =>
    outcomes.map(({ account, status, warnings }) => [
      account,
      status,
      ...warnings
        .filter(({ code }: { code: string }) => code.endsWith('suppressed'))
        .map(({ code, pointer }: { code: string; pointer: string }) => `${code} ${pointer}`),
    ])

  test.each(['phone', 'email'] as const)('by their %s, is sent to no account in any field', async (field) => {
    const [gone, other] = [person(), person()]
    await suppress({ [field]: gone[field] })
    const { status, body } = await add([gone, other])
    expect(status).toBe(207)
    const pointer = `#/contacts/0/${field}`
    expect(told(body.results[0].outcomes)).toEqual([
      ['oblic-main', 'skipped', `suppressed ${pointer}`],
      ['octopush-fr', 'skipped', `suppressed ${pointer}`],
      ['vobiz-in', 'skipped', `suppressed ${pointer}`],
    ])
    expect(told(body.results[1].outcomes).map(([, state, ...warnings]) => [state, ...warnings])).toEqual([
      ['accepted'],
      ['created'],
      ['created'],
    ])
    expect(wasSent(gone.phone.slice(1)) || wasSent(gone.email)).toBe(false)
    expect(wasSent(other.email)).toBe(true)
  })

  test('on one channel, keeps the fields that serve it from each account, and nothing else', async () => {
    const [sms, mail, both] = [person(), person(), person()]
    await suppress(
      { phone: sms.phone, channels: ['sms'] },
      { email: mail.email, channels: ['email'] },
      { phone: both.phone, channels: ['whatsapp'] },
    )
    const { body } = await add([sms, mail, both])
    expect(body.results.map(({ outcomes }: { outcomes: [] }) => told(outcomes))).toEqual([
      [
        ['oblic-main', 'accepted', 'field_suppressed #/contacts/0/phone'],
        ['octopush-fr', 'skipped', 'suppressed #/contacts/0/phone'],
        ['vobiz-in', 'created'],
      ],
      [
        ['oblic-main', 'skipped', 'suppressed #/contacts/1/email'],
        ['octopush-fr', 'created', 'field_suppressed #/contacts/1/email'],
        ['vobiz-in', 'created'],
      ],
      [
        ['oblic-main', 'accepted', 'field_suppressed #/contacts/2/phone'],
        ['octopush-fr', 'created'],
        ['vobiz-in', 'skipped', 'suppressed #/contacts/2/phone'],
      ],
    ])
    const sentTo = (name: 'oblic' | 'octopush' | 'vobiz') => JSON.stringify(gateway.simulators[name].requests())
    expect(sentTo('oblic')).not.toContain(sms.phone.slice(1))
    expect(sentTo('oblic')).not.toContain(mail.email)
    expect(sentTo('octopush')).not.toContain(sms.phone.slice(1))
    expect(sentTo('octopush')).not.toContain(mail.email)
    expect(sentTo('octopush')).toContain(mail.phone)
    expect(sentTo('vobiz')).not.toContain(both.phone.slice(1))
  })

  test('is told by the channel alone, never why, since when or by whom', async () => {
    const gone = person()
    await suppress({ phone: gone.phone, channels: ['sms'], reason: 'complaint', source: 'hotline', note: 'very cross' })
    const { text } = await add([gone])
    expect(text).toContain('suppressed for SMS')
    expect(text).not.toMatch(/complaint|hotline|cross|crm/)
  })

  test('comes after what is invalid, and before a field that is missing and a repeat', async () => {
    const gone = person()
    await suppress({ phone: gone.phone })
    const nameless = { phone: gone.phone }
    const { body } = await add([{ ...gone, email: 'no address' }, nameless, gone, gone])
    // biome-ignore lint/suspicious/noExplicitAny: of an answer.
    const states = body.results.map(({ outcomes }: any) => [
      // biome-ignore lint/suspicious/noExplicitAny: of an answer.
      ...new Set(outcomes.map(({ status, error, warnings }: any) => `${status} ${error?.code ?? warnings[0].code}`)),
    ])
    expect(states).toEqual([
      ['rejected email_invalid'],
      ['skipped suppressed'],
      ['skipped suppressed'],
      ['skipped suppressed'],
    ])
  })

  test('is no reason to take another one for a repeat of theirs', async () => {
    const [gone, next] = [person(), person()]
    await suppress({ phone: gone.phone, channels: ['*'] })
    const { body } = await add([gone, { ...next, email: gone.email }])
    expect(told(body.results[1].outcomes)[0]).toEqual(['oblic-main', 'accepted'])
  })

  test('is in a preview as in the answer, and nothing of them in the requests of it', async () => {
    const gone = person()
    await suppress({ phone: gone.phone, channels: ['sms'] })
    const { body, text } = await add([gone], '?validateOnly=true')
    expect(told(body.results[0].outcomes)).toEqual([
      ['oblic-main', 'skipped', 'field_suppressed #/contacts/0/phone'],
      ['octopush-fr', 'skipped', 'suppressed #/contacts/0/phone'],
      ['vobiz-in', 'skipped'],
    ])
    const previewed = JSON.parse(text).preview as { account: string; requests: unknown }[]
    const of = (account: string) => JSON.stringify(previewed.find((one) => one.account === account)?.requests)
    expect(of('oblic-main')).toContain(gone.email)
    expect(of('oblic-main')).not.toContain(gone.phone)
    expect(of('octopush-fr')).not.toContain(gone.phone)
    expect(of('vobiz-in')).toContain(gone.phone)
    expect(requests()).toHaveLength(0)
  })

  test('is a loss: refused where none is accepted, and shown where only losses are', async () => {
    const gone = person()
    await suppress({ email: gone.email })
    const prefer = (value: string) => ({ prefer: value })
    for (const headers of [{}, { 'idempotency-key': randomUUID() }]) {
      const strict = await gateway.call('POST', '/contacts?account=vobiz-in', {
        body: gone,
        headers: { ...prefer('handling=strict'), ...headers },
      })
      expect(strict.status).toBe(422)
      expect(strict.body.type).toMatch(/loss-not-accepted$/)
      expect(strict.body.errors).toMatchObject([{ pointer: '#/email', code: 'suppressed' }])
    }
    const plain = { email: gone.email, name: gone.name, phone: gone.phone }
    const batch = await gateway.call('POST', '/lists/whatsapp/contacts', {
      body: { contacts: [plain] },
      headers: prefer('handling=strict, respond-async'),
    })
    expect([batch.status, batch.body.errors?.[0]?.code]).toEqual([422, 'suppressed'])
    const minimal = await gateway.call('POST', '/lists/whatsapp/contacts', {
      body: { contacts: [plain] },
      headers: prefer('return=minimal'),
    })
    expect(minimal.body.results).toHaveLength(1)
    expect(requests()).toHaveLength(0)
  })

  test.each(['oblic-main', 'octopush-fr', 'vobiz-in'])(
    'is skipped by a single create at %s, with 200',
    async (account) => {
      const gone = person()
      await suppress({ email: gone.email })
      const { status, body, headers } = await gateway.call('POST', `/contacts?account=${account}`, { body: gone })
      expect(status).toBe(200)
      expect(headers.get('location')).toBeNull()
      expect(told([body])).toEqual([[account, 'skipped', 'suppressed #/email']])
      expect(requests()).toHaveLength(0)
    },
  )

  test('is sent again once the entry was taken back', async () => {
    const gone = person()
    const [id] = await suppress({ phone: gone.phone })
    const send = () => gateway.call('POST', '/contacts?account=vobiz-in', { body: gone })
    expect((await send()).body.status).toBe('skipped')
    expect((await gateway.call('DELETE', `/suppressions/${id}?reason=a%20mistake`)).status).toBe(204)
    expect((await send()).body.status).toBe('created')
  })

  test('is counted by client, a contact or a field at each account', async () => {
    const read = async () => {
      const text = await (await fetch(`${gateway.url}/metrics`)).text()
      const of = (part: string) =>
        Number(
          new RegExp(`contact_gateway_suppressed_total\\{client="crm",part="${part}"\\} (\\d+)`).exec(text)?.[1] ?? 0,
        )
      return { contact: of('contact'), field: of('field') }
    }
    const before = await read()
    const gone = person()
    await suppress({ phone: gone.phone, channels: ['sms'] })
    await add([gone])
    // The text is made anew once a second.
    await expect.poll(read, { timeout: 5_000 }).toEqual({ contact: before.contact + 1, field: before.field + 1 })
  })

  test('stays as it was answered in a repeat, and what failed becomes skipped', async () => {
    const [sent, failed] = [person(), person()]
    const headers = { 'idempotency-key': randomUUID() }
    const send = () => add([sent], '', headers)
    const first = await send()
    await suppress({ phone: sent.phone })
    const second = await send()
    expect([second.text, second.headers.get('idempotency-replayed')]).toEqual([first.text, 'true'])

    gateway.simulators.oblic.setBehaviour({ status: 401 })
    const again = { 'idempotency-key': randomUUID() }
    const open = await add([failed], '', again)
    expect(open.body.results[0].outcomes[0].status).toBe('failed')
    gateway.simulators.oblic.reset()
    await suppress({ phone: failed.phone })
    const resumed = await add([failed], '', again)
    expect(told(resumed.body.results[0].outcomes)).toEqual([
      ['oblic-main', 'skipped', 'suppressed #/contacts/0/phone'],
      ['octopush-fr', 'created'],
      ['vobiz-in', 'created'],
    ])
    expect(JSON.stringify(gateway.simulators.oblic.requests())).not.toContain(failed.email)
  })

  test('is passed over by an import, counted, and reported without their value, but not among the rows to mend', async () => {
    const [gone, other]: Person[] = [person(), person()]
    await suppress({ phone: gone?.phone, channels: ['sms'] })
    const rows = [gone, other].map((one) => `${one?.name},${one?.email},${one?.phone}`)
    const form = new FormData()
    form.set('file', new Blob([['name,email,phone', ...rows].join('\n')], { type: 'text/csv' }), 'people.csv')
    const started = await fetch(`${gateway.url}/lists/newsletter/imports`, {
      method: 'POST',
      body: form,
      headers: { authorization: `Bearer ${gateway.key()}` },
    })
    expect(started.status).toBe(202)
    const { id } = (await started.json()) as { id: string }
    const read = async () => (await gateway.call('GET', `/imports/${id}`)).body
    await expect.poll(async () => (await read()).status, { timeout: 10_000 }).toMatch(/^completed/)
    const done = await read()
    expect(done.skippedBecause).toEqual({ 'octopush-fr': { suppressed: 1 } })
    expect(done.losses['oblic-main']).toMatchObject({ field_suppressed: 1 })
    const { body: errors } = await gateway.call('GET', `/imports/${id}/errors`)
    expect(errors.items).toMatchObject([
      { row: 1, account: 'octopush-fr', status: 'skipped', code: 'suppressed', value: '' },
    ])
    const report = await gateway.call('GET', `/imports/${id}/errors.csv`)
    expect(report.text).not.toContain(gone?.email)
    expect(JSON.stringify(gateway.simulators.octopush.requests())).not.toContain(gone?.phone.slice(1))
  })
})
