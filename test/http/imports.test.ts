import { describe, expect, onTestFinished, test } from 'vitest'
import { importWhole, post, untilDone, upload } from '../support/import-calls.ts'
import { withImportStores } from '../support/with-import-stores.ts'

withImportStores('with %s, an import', {}, (gateway) => {
  const calls = () => {
    const { oblic, octopush, vobiz } = gateway.simulators
    return [oblic, octopush, vobiz].map((simulator) => simulator.requestTotal())
  }

  test('is answered with 202, its address, and when to look; then it is found there, and its end', async () => {
    const accepted = await upload(gateway, { csv: 'name,email,phone\nJane,jane@example.com,+919876543210\n' })
    expect([accepted.status, accepted.headers.get('location'), accepted.headers.get('retry-after')]).toEqual([
      202,
      `/imports/${accepted.body.id}`,
      '1',
    ])
    expect(accepted.body).toMatchObject({
      listId: 'newsletter',
      validateOnly: false,
      options: {},
      rows: 1,
      warnings: [],
    })
    expect(accepted.body.createdAt).toMatch(/^\d{4}-.*Z$/)
    const done = await untilDone(gateway, accepted.body.id)
    const read = await gateway.call('GET', accepted.headers.get('location') as string)
    expect([read.status, read.body]).toEqual([200, done])
    const none = { created: 0, updated: 0, skipped: 0, accepted: 0, rejected: 0, failed: 0, unknown: 0, pending: 0 }
    expect(done).toMatchObject({
      status: 'completed',
      progress: {
        'oblic-main': { ...none, accepted: 1 },
        'octopush-fr': { ...none, created: 1 },
        'vobiz-in': { ...none, created: 1 },
      },
    })
    expect(Date.parse(done.startedAt)).toBeGreaterThanOrEqual(Date.parse(done.createdAt))
    expect(Date.parse(done.finishedAt)).toBeGreaterThanOrEqual(Date.parse(done.startedAt))
    expect(done.etaSeconds).toBeUndefined()
  })

  test('sends every row to every account, and reports the others', async () => {
    const csv =
      'Name;E-mail;Mobile;City\nJane;jane@example.com;+919876543210;Pune\nBad;bad@example.com;12;Pune\nRavi;;+919876543211;Delhi\nJane again;jane@example.com;+91 98765 43210;\n'
    const done = await importWhole(gateway, { csv })
    expect(done).toMatchObject({
      status: 'completed_with_errors',
      rows: 4,
      progress: {
        'oblic-main': { pending: 0, accepted: 1, rejected: 2, skipped: 1 },
        'octopush-fr': { pending: 0, created: 2, rejected: 1, skipped: 1 },
        'vobiz-in': { pending: 0, created: 2, rejected: 1, skipped: 1 },
      },
      warnings: [{ code: 'column_ignored', column: 'City' }],
    })
    const report = await gateway.call('GET', `/imports/${done.id}/errors.csv`)
    expect(report.text.split('\n').map((line) => line.split(';').slice(0, 8).join(';'))).toEqual([
      'Name;E-mail;Mobile;City;_row;_account;_status;_code',
      'Bad;bad@example.com;12;Pune;2;oblic-main octopush-fr vobiz-in;rejected;phone_not_e164',
      'Ravi;;+919876543211;Delhi;3;oblic-main;rejected;email_required',
      '',
    ])
    const { oblic, octopush, vobiz } = gateway.simulators
    expect(oblic.contacts().map(({ email }) => email)).toEqual(['jane@example.com'])
    for (const held of [octopush.contacts(), vobiz.contacts()])
      expect(held.map(({ phone_number }) => phone_number)).toEqual(['+919876543210', '+919876543211'])
  })

  test.each([true, false])('is read as its options say (options before the file: %s)', async (optionsFirst) => {
    const options = {
      mapping: { Handy: 'phone', Plan: 'attributes.plan', Notes: null, Wer: 'name' },
      delimiter: ';' as const,
      defaultCountry: 'FR',
    }
    const csv = 'Handy;Wer;Plan;Notes;Mail\n06 12 34 56 78;Zoé, Lyon;gold;secret;zoe@example.fr\n'
    const done = await importWhole(gateway, { csv, options, optionsFirst })
    expect(done).toMatchObject({
      status: 'completed',
      options,
      warnings: [
        { code: 'attribute_dropped', column: 'Plan', accounts: ['oblic-main'] },
        { code: 'attribute_dropped', column: 'Plan', accounts: ['octopush-fr'] },
      ],
    })
    const { oblic, octopush, vobiz } = gateway.simulators
    expect(oblic.contacts()).toMatchObject([{ name: 'Zoé, Lyon', email: 'zoe@example.fr', phone: '33612345678' }])
    expect(octopush.contacts()).toMatchObject([{ phone_number: '+33612345678', email: 'zoe@example.fr' }])
    expect(vobiz.contacts()).toMatchObject([
      { phone_number: '+33612345678', custom_attributes: { plan: 'gold', email: 'zoe@example.fr' } },
    ])
    const sent = [oblic, octopush, vobiz].flatMap((simulator) => simulator.requests().map(({ body }) => body))
    expect(JSON.stringify(sent)).not.toContain('secret')
  })

  test('takes its options as a part of type application/json too, and a declared delimiter before one that is found', async () => {
    const form = new FormData()
    form.append('file', new Blob(['name;x\temail\nA;b\ta@example.com\n']), 'people.csv')
    form.append('options', new Blob(['{"delimiter":"\\t"}'], { type: 'application/json' }), 'options.json')
    const accepted = await post(gateway, form, {})
    expect(accepted.status).toBe(202)
    expect(accepted.body.options).toEqual({ delimiter: '\t' })
    expect(accepted.body.warnings).toMatchObject([{ code: 'column_ignored', column: 'name;x' }])
    await untilDone(gateway, accepted.body.id)
  })

  test('with onConflict skip leaves contacts as they are where that can be asked for', async () => {
    const csv = (name: string) => `name,email,phone\n${name},jane@example.com,+919876543210\n`
    await importWhole(gateway, { csv: csv('Jane') })
    const skipped = await importWhole(gateway, { csv: csv('Jane Two'), options: { onConflict: 'skip' } })
    expect(skipped.progress).toMatchObject({
      'oblic-main': { accepted: 1 },
      'octopush-fr': { skipped: 1 },
      'vobiz-in': { skipped: 1 },
    })
    const { octopush, vobiz } = gateway.simulators
    expect(octopush.contacts()).toMatchObject([{ first_name: 'Jane' }])
    expect(vobiz.contacts()).toMatchObject([{ name: 'Jane' }])
    const updated = await importWhole(gateway, { csv: csv('Jane Three') })
    expect(updated.progress).toMatchObject({ 'octopush-fr': { updated: 1 }, 'vobiz-in': { updated: 1 } })
    expect(vobiz.contacts()).toMatchObject([{ name: 'Jane Three' }])
  })

  test('with validateOnly checks every row at every account and calls no provider', async () => {
    const csv = 'name,email,phone\nA,a@example.com,+919876543210\nB,,+919876543211\nC,c@example.com,12\n'
    const done = await importWhole(gateway, { csv, query: '?validateOnly=true' })
    expect(calls()).toEqual([0, 0, 0])
    expect(done).toMatchObject({
      validateOnly: true,
      status: 'completed_with_errors',
      progress: {
        'oblic-main': { pending: 0, skipped: 1, rejected: 2 },
        'octopush-fr': { pending: 0, skipped: 2, rejected: 1 },
        'vobiz-in': { pending: 0, skipped: 2, rejected: 1 },
      },
    })
    const { body } = await gateway.call('GET', `/imports/${done.id}/errors`)
    const codes = body.items.map((item: Record<string, unknown>) => `${item.row} ${item.account} ${item.code}`)
    expect(codes).toEqual([
      '2 oblic-main email_required',
      '3 oblic-main phone_not_e164',
      '3 octopush-fr phone_not_e164',
      '3 vobiz-in phone_not_e164',
    ])
  })

  test('sends a row only to the accounts of its _account cell; one that the list has not is rejected', async () => {
    const csv =
      'name,email,phone,_account,_code\nA,a@example.com,+919876543210,octopush-fr vobiz-in,x\nB,b@example.com,+919876543211,nowhere,x\nC,c@example.com,+919876543212,,x\n'
    const done = await importWhole(gateway, { csv })
    // It is no report of ours: _code is a column like others.
    expect(done.warnings).toMatchObject([{ code: 'column_ignored', column: '_code' }])
    expect(done.progress).toMatchObject({
      'oblic-main': { skipped: 1, accepted: 1, rejected: 1 },
      'octopush-fr': { created: 2, rejected: 1 },
      'vobiz-in': { created: 2, rejected: 1 },
    })
    expect(gateway.simulators.oblic.contacts().map(({ email }) => email)).toEqual(['c@example.com'])
    const { body } = await gateway.call('GET', `/imports/${done.id}/errors`)
    expect(body.items[0]).toMatchObject({ row: 2, column: '_account', value: 'nowhere', code: 'unknown_account' })
    expect(body.items).toHaveLength(3)
  })

  test("goes through Vobiz's CSV import for 20 rows and more that it can carry, one by one for the others, tags merged", async () => {
    const plain = Array.from({ length: 25 }, (_, n) => `P${n},+9198201000${10 + n},vip,`)
    const csv = ['name,phone,tags,attributes.city', ...plain, 'Known,+919820100099,"new,extra",Pune'].join('\n')
    await importWhole(gateway, { list: 'whatsapp', csv: 'name,phone,tags\nKnown,+919820100099,old\n' })
    const done = await importWhole(gateway, { list: 'whatsapp', csv })
    expect(done).toMatchObject({ status: 'completed', progress: { 'vobiz-in': { created: 25, updated: 1 } } })
    const { vobiz } = gateway.simulators
    const files = vobiz.requests().filter(({ path }) => path.endsWith('/contacts/import'))
    expect(files).toHaveLength(1)
    expect(String(files[0]?.body)).toContain('+919820100010')
    expect(String(files[0]?.body)).not.toContain('+919820100099')
    const known = vobiz.contacts().find(({ phone_number }) => phone_number === '+919820100099')
    expect(known?.tags.toSorted()).toEqual(['extra', 'new', 'old', 'whatsapp'])
    expect(known?.custom_attributes).toMatchObject({ city: 'Pune' })
    expect(
      vobiz
        .contacts()
        .find(({ phone_number }) => phone_number === '+919820100010')
        ?.tags.toSorted(),
    ).toEqual(['vip', 'whatsapp'])
  })

  test('can be made of a JSON batch, with Prefer: respond-async; its report has the canonical columns', async () => {
    const contacts = [
      { ref: 'r-1', name: 'Jane', email: 'jane@example.com', phone: '+919876543210', tags: ['vip', 'lyon'] },
      { ref: 'r-2', name: 'Bad', phone: '12', attributes: { city: 'Pune', age: 7 } },
    ]
    const accepted = await gateway.call('POST', '/lists/newsletter/contacts', {
      body: { contacts, onConflict: 'update' },
      headers: { prefer: 'respond-async' },
    })
    expect([accepted.status, accepted.headers.get('location')]).toEqual([202, `/imports/${accepted.body.id}`])
    expect(accepted.headers.get('preference-applied')).toContain('respond-async')
    const done = await untilDone(gateway, accepted.body.id)
    expect(done).toMatchObject({
      rows: 2,
      listId: 'newsletter',
      status: 'completed_with_errors',
      progress: {
        'oblic-main': { accepted: 1, rejected: 1 },
        'octopush-fr': { created: 1, rejected: 1 },
        'vobiz-in': { created: 1, rejected: 1 },
      },
    })
    const report = await gateway.call('GET', `/imports/${done.id}/errors.csv`)
    expect(
      report.text
        .split('\n')
        .slice(0, 2)
        .map((line) => line.split(',').slice(0, 10)),
    ).toEqual([
      'ref,name,email,phone,tags,attributes.city,attributes.age (JSON),_row,_account,_status'.split(','),
      'r-2,Bad,,12,,Pune,7,2,oblic-main octopush-fr vobiz-in,rejected'.split(','),
    ])
    const mended = report.text.replace(',12,', ',+919876543299,')
    const again = await importWhole(gateway, { csv: mended })
    expect(again).toMatchObject({ rows: 1, progress: { 'octopush-fr': { created: 1 }, 'vobiz-in': { created: 1 } } })
  })

  describe('is refused, and nothing is made of it, for', () => {
    const csv = 'name,email\nA,a@example.com\n'
    test.each<[what: string, given: Parameters<typeof upload>[1], status: number, code: string, pointer?: string]>([
      ['a list that is not there', { csv, list: 'nowhere' }, 404, 'not-found'],
      ['an unknown query parameter', { csv, query: '?dryRun=true' }, 422, 'validation-failed'],
      ['an unknown option', { csv, options: { lists: ['x'] } }, 422, 'validation-failed', '#/options/lists'],
      ['an option of the wrong type', { csv, options: { mapping: [] } }, 422, 'validation-failed', '#/options/mapping'],
      [
        'a delimiter that is none',
        { csv, options: { delimiter: '^' } },
        422,
        'validation-failed',
        '#/options/delimiter',
      ],
      [
        'a policy that is none',
        { csv, options: { onConflict: 'x' } },
        422,
        'validation-failed',
        '#/options/onConflict',
      ],
      [
        'a country that is none',
        { csv, options: { defaultCountry: 'XX' } },
        422,
        'validation-failed',
        '#/options/defaultCountry',
      ],
      [
        'a mapping of a column that is not there',
        { csv, options: { mapping: { 'Mo/b~ile': 'phone' } } },
        422,
        'validation-failed',
        '#/options/mapping/Mo~1b~0ile',
      ],
      [
        'a mapping to no field',
        { csv, options: { mapping: { name: 'nickname' } } },
        422,
        'validation-failed',
        '#/options/mapping/name',
      ],
    ])('%s', async (_what, given, status, code, pointer) => {
      const before = await gateway.call('GET', '/imports')
      const answer = await upload(gateway, given)
      expect([answer.status, answer.body.code]).toEqual([status, code])
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      if (pointer !== undefined)
        expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
      expect((await gateway.call('GET', '/imports')).text).toBe(before.text)
      expect(calls()).toEqual([0, 0, 0])
    })

    test.each([
      ['{"delimiter":', 400, 'malformed-json'],
      ['{"delimiter":",","delimiter":";"}', 400, 'malformed-json'],
      ['{"__proto__":{}}', 422, 'validation-failed'],
      ['{"mapping":{"__proto__":"phone"}}', 422, 'validation-failed'],
    ])('options that are no good: %s', async (text, status, code) => {
      const form = new FormData()
      form.append('options', text)
      form.append('file', new Blob([csv]), 'people.csv')
      const answer = await post(gateway, form, {})
      expect([answer.status, answer.body.code]).toEqual([status, code])
    })

    test('other methods', async () => {
      for (const [method, path] of [
        ['GET', '/lists/newsletter/imports'],
        ['POST', '/imports'],
        ['PUT', '/imports/x'],
        ['GET', '/imports/x/cancel'],
      ] as const) {
        const answer = await gateway.call(method, path)
        expect([answer.status, answer.body.code]).toEqual([405, 'method-not-allowed'])
      }
    })
  })

  test('makes a list again that is gone at the provider, however many of its batches are told so at once', async () => {
    const { octopush } = gateway.simulators
    await importWhole(gateway, { list: 'sms', csv: 'phone\n+919820000001\n' })
    octopush.reset()
    octopush.setBehaviour({ latencyMs: 50 })
    const rows = Array.from({ length: 3_000 }, (_, n) => `+91982100${String(n).padStart(4, '0')}`)
    const done = await importWhole(gateway, { list: 'sms', csv: `phone\n${rows.join('\n')}\n` })
    expect(done.progress['octopush-fr']).toMatchObject({ created: 2_999, rejected: 1, failed: 0 })
  })

  test('stops at the deadline of none: a provider that is slow for a moment delays it only', async () => {
    const { oblic } = gateway.simulators
    oblic.setBehaviour({ status: 503, times: 2 })
    onTestFinished(() => oblic.setBehaviour({}))
    const done = await importWhole(gateway, { csv: 'name,email\nA,a@example.com\n' })
    expect(done.progress['oblic-main']).toMatchObject({ pending: 0 })
    expect(['accepted', 'unknown'].map((status) => done.progress['oblic-main'][status]).reduce((a, b) => a + b)).toBe(1)
    expect(oblic.contacts().every(({ sends }) => sends === 1)).toBe(true)
  })
})
