import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { expect, test } from 'vitest'
import { importWhole, untilDone } from '../support/import-calls.ts'
import { withImportStores } from '../support/with-import-stores.ts'

type Item = {
  readonly row: number
  readonly line: number
  readonly account: string
  readonly [member: string]: unknown
}

const changes = { accounts: { 'oblic-main': { isolateRejected: true } } }

withImportStores('with %s, what did not get in', { changes }, (gateway) => {
  const errorsOf = async (id: string, query = '') => {
    const answer = await gateway.call('GET', `/imports/${id}/errors${query}`)
    expect(answer.status).toBe(200)
    return answer.body as { items: Item[]; nextCursor?: string }
  }

  test('is told with row, line, column, cell, account, status, code and how to mend it', async () => {
    const csv =
      'Full Name,E-mail,Mobile\n"Two\nlines",two@example.com,+919876543210\nBad,bad@example.com,9.19877E+11\n,x@example.com,+919876543211\nAgain,two@example.com,+91 98765 43210\n'
    const done = await importWhole(gateway, { csv })
    const { items, nextCursor } = await errorsOf(done.id)
    expect(nextCursor).toBeUndefined()
    expect(items.map(({ row, line, account, status, code }) => [row, line, account, status, code].join(' '))).toEqual([
      '2 4 oblic-main rejected phone_invalid',
      '2 4 octopush-fr rejected phone_invalid',
      '2 4 vobiz-in rejected phone_invalid',
      '3 5 oblic-main rejected name_required',
      '3 5 vobiz-in rejected name_required',
      '4 6 oblic-main skipped duplicate_in_file',
      '4 6 octopush-fr skipped duplicate_in_file',
      '4 6 vobiz-in skipped duplicate_in_file',
    ])
    expect(items[0]).toEqual({
      row: 2,
      line: 4,
      column: 'Mobile',
      value: '9.19877E+11',
      account: 'oblic-main',
      status: 'rejected',
      code: 'phone_invalid',
      detail: expect.stringMatching(/scientific notation/),
    })
    expect(items[3]).toMatchObject({ column: 'Full Name', value: '', detail: expect.stringContaining('name') })
    expect(items[5]?.detail).toContain('row 1')
  })

  test('names the column of what an account alone demands, under its own name or the one of the mapping', async () => {
    const csv = 'Full Name,E-mail,,Handy\nAsha,a@example.com,x,\nRavi,b@example.com,y,12345\n'
    const done = await importWhole(gateway, { csv, options: { mapping: { Handy: 'phone' } } })
    const { items } = await errorsOf(done.id)
    const told = items.map(({ row, column, value, account, code }) => ({ row, column, value, account, code }))
    expect(told.filter(({ row }) => row === 1)).toEqual([
      { row: 1, column: 'Handy', value: '', account: 'octopush-fr', code: 'phone_required' },
      { row: 1, column: 'Handy', value: '', account: 'vobiz-in', code: 'phone_required' },
    ])
    expect(told.find(({ row }) => row === 2)).toMatchObject({ column: 'Handy', value: '12345' })
  })

  test('of a provider refusal is told in its own words, at that account alone', async () => {
    const csv =
      'name,email,phone\nA,a@example.com,+919820000404\nB,b@invalid.example,+919820000405\nC,c@example.com,+919820000407\nD,d@example.com,+919820000408\n'
    const done = await importWhole(gateway, { csv })
    const { items } = await errorsOf(done.id)
    expect(items.map(({ row, account, status, code }) => [row, account, status, code].join(' '))).toEqual([
      '1 octopush-fr rejected blacklisted',
      '2 oblic-main rejected rejected_by_provider',
      '2 octopush-fr rejected blacklisted',
      '2 vobiz-in rejected rejected_by_provider',
    ])
    expect(items[1]?.detail).toContain('Invalid email address provided')
    expect(gateway.simulators.oblic.contacts()).toMatchObject([
      { email: 'a@example.com', sends: 1 },
      { email: 'c@example.com', sends: 1 },
      { email: 'd@example.com', sends: 1 },
    ])
  })

  test('comes in pages that together are the whole, across blocks', async () => {
    const csv = `email\n${Array.from({ length: 1_203 }, (_, n) => (n % 3 === 0 ? `bad-${n}` : `p${n}@example.com`)).join('\n')}\n`
    const done = await importWhole(gateway, { csv, query: '?validateOnly=true' })
    const inPages = async (limit: number) => {
      const all: Item[] = []
      for (let cursor = ''; ; ) {
        const { items, nextCursor } = await errorsOf(done.id, `?limit=${limit}${cursor}`)
        all.push(...items)
        if (nextCursor === undefined) return all
        expect(items).toHaveLength(limit)
        cursor = `&cursor=${nextCursor}`
      }
    }
    const all = await inPages(1000)
    // Every third is no address; the others have no phone for two of the accounts, and no name for the third.
    expect(all).toHaveLength(1_203 * 3)
    expect(await inPages(401)).toEqual(all)
    expect(await inPages(97)).toEqual(all)
    expect(all.map(({ row }) => row)).toEqual(all.map(({ row }) => row).toSorted((a, b) => a - b))
  })

  test.each(['x', '1', '1-', '-1-2', '1-2-3', '99999999999-1', '1-1%20'])(
    'a cursor that is none is refused: %s',
    async (cursor) => {
      const done = await importWhole(gateway, { csv: 'email\nbad\n', query: '?validateOnly=true' })
      const answer = await gateway.call('GET', `/imports/${done.id}/errors?cursor=${cursor}`)
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid-cursor'])
      for (const limit of ['0', '1001', 'x'])
        expect((await gateway.call('GET', `/imports/${done.id}/errors?limit=${limit}`)).status).toBe(422)
    },
  )

  test('is nothing for a good file: an empty page, and a report with its header alone', async () => {
    const done = await importWhole(gateway, { csv: '\ufeffname;email;phone\r\nA;a@example.com;+919876543210\r\n' })
    expect(await errorsOf(done.id)).toEqual({ items: [] })
    const report = await gateway.call('GET', `/imports/${done.id}/errors.csv`)
    expect([report.status, report.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(report.headers.get('cache-control')).toBe('no-store')
    const bytes = await fetch(`${gateway.url}/imports/${done.id}/errors.csv`, {
      headers: { authorization: `Bearer ${gateway.key()}` },
    }).then((response) => response.arrayBuffer())
    expect(Buffer.from(bytes).toString('utf8')).toBe('\ufeffname;email;phone;_row;_account;_status;_code;_detail\r\n')
  })

  test('holds no cell that a spreadsheet would run, and every phone as it was', async () => {
    const cells = ['=cmd()', '+1+1', '-5', '@SUM(1)', '\tx', '\rx', "'=1", '=HYPERLINK("http://x","y")']
    const rows = cells.map((cell, n) => [`+3361234567${n}`, cell, cell])
    const csv = stringify([['phone', 'name', 'attributes.note'], ...rows], { quoted: true })
    const done = await importWhole(gateway, { csv })
    // Formulas are stored as they are, without a control character before them.
    const stored = gateway.simulators.vobiz.contacts().map((contact) => contact.name)
    expect(stored.toSorted()).toEqual(cells.map((cell) => (cell === "'=1" ? '=1' : cell.trim())).toSorted())
    const report = await gateway.call('GET', `/imports/${done.id}/errors.csv`)
    const [, ...records] = parse(report.text, { relax_column_count: true }) as string[][]
    expect(records).toHaveLength(cells.length)
    for (const record of records) {
      expect(record[0]).toMatch(/^\+3361234567\d$/)
      for (const cell of record.slice(1)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
    }
    // And with an e-mail each they come back, as they were, to the account that lacked them.
    const mended = records.map((record, n) => [...record, `x${n}@example.com`])
    const [header = []] = parse(report.text, { to: 1 }) as string[][]
    const again = await importWhole(gateway, { csv: stringify([[...header, 'email'], ...mended], { quoted: true }) })
    expect(again.progress).toMatchObject({
      'oblic-main': { accepted: 8 },
      'octopush-fr': { skipped: 8 },
      'vobiz-in': { skipped: 8 },
    })
    const names = gateway.simulators.oblic.contacts().map(({ name }) => name)
    expect(names.toSorted()).toEqual(stored.toSorted())
  })

  test('100 bad rows of a file, mended by a script and uploaded again, are exactly what is sent, to exactly the accounts that lacked them', async () => {
    // Bad in three ways: nowhere acceptable, not without an e-mail, not on the blacklist of one provider.
    const kinds = (n: number) =>
      n % 30 < 2 ? 'badPhone' : n % 30 === 2 ? 'noEmail' : n % 300 === 5 ? 'blacklisted' : 'good'
    let bad = 0
    const people = Array.from({ length: 1_150 }, (_, n) => {
      const kind = bad < 100 ? kinds(n) : 'good'
      if (kind !== 'good') bad++
      const digits = String(n).padStart(4, '0')
      const phone =
        kind === 'badPhone' ? '0' : kind === 'blacklisted' ? `+91982${digits.slice(1)}0404` : `+91983${digits}111`
      return {
        kind,
        name: `Person ${digits}`,
        email: kind === 'noEmail' ? '' : `person-${digits}@example.com`,
        phone,
        digits,
      }
    })
    expect(bad).toBe(100)
    const csv = stringify(
      people.map(({ name, email, phone }) => ({ name, email, phone })),
      { header: true, delimiter: ';' },
    )
    const first = await importWhole(gateway, { csv })
    expect(first).toMatchObject({ status: 'completed_with_errors', rows: 1_150 })

    const { text } = await gateway.call('GET', `/imports/${first.id}/errors.csv`)
    const report = parse(text, { delimiter: ';', columns: true }) as Record<string, string>[]
    expect(report).toHaveLength(100)
    const mended = report.map((row) => ({
      ...row,
      phone:
        row._code === 'phone_not_e164' || row._code === 'blacklisted' ? `+91984${row.name?.slice(-4)}222` : row.phone,
      email: row.email === '' ? `mended-${row.name?.slice(-4)}@example.com` : row.email,
    }))
    const { oblic, octopush, vobiz } = gateway.simulators
    const held = (what: 'before' | 'after') => ({
      what,
      oblic: new Map(oblic.contacts().map((contact) => [contact.email, contact.sends])),
      octopush: new Map(octopush.contacts().map((contact) => [contact.phone_number, contact.sends])),
      vobiz: new Map(vobiz.contacts().map((contact) => [contact.phone_number, contact.updated_at])),
    })
    const before = held('before')
    const again = await importWhole(gateway, { csv: stringify(mended, { header: true, delimiter: ';' }) })
    const after = held('after')

    expect(again).toMatchObject({ status: 'completed', rows: 100, warnings: [] })
    for (const provider of ['oblic', 'octopush', 'vobiz'] as const) {
      for (const [key, state] of before[provider]) expect(after[provider].get(key)).toBe(state)
      const lacked = people.filter(({ kind }) => lacks(provider, kind)).map(({ digits }) => digits)
      const added = [...after[provider].keys()].filter((key) => !before[provider].has(key))
      const digitsOf = (key: string) => (key.includes('@') ? key.slice(7, 11) : key.slice(6, 10))
      expect(added.map(digitsOf).toSorted()).toEqual(lacked.toSorted())
      expect(new Set(added.map((key) => after.oblic.get(key) ?? 1))).toEqual(new Set([1]))
    }
    expect(await errorsOf(again.id)).toEqual({ items: [] })
  })

  test('of a JSON batch too, by row', async () => {
    const contacts = [
      { name: 'A', email: 'a@example.com', phone: '+919876543210' },
      { name: 'B', email: 'no address' },
    ]
    const accepted = await gateway.call('POST', '/lists/newsletter/contacts', {
      body: { contacts },
      headers: { prefer: 'respond-async' },
    })
    await untilDone(gateway, accepted.body.id)
    const { items } = await errorsOf(accepted.body.id)
    expect(items.map(({ row, column, value, account }) => ({ row, column, value, account }))).toEqual(
      ['oblic-main', 'octopush-fr', 'vobiz-in'].map((account) => ({
        row: 2,
        column: 'email',
        value: 'no address',
        account,
      })),
    )
  })
})

function lacks(provider: 'oblic' | 'octopush' | 'vobiz', kind: string): boolean {
  if (kind === 'badPhone') return true
  return kind === (provider === 'oblic' ? 'noEmail' : provider === 'octopush' ? 'blacklisted' : 'nothing')
}
