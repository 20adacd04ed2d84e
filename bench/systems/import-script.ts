import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'

/**
 * What one writes when there is no gateway: a CSV file, read once, and sent to three accounts in batches, eight calls at a
 * time each. No validation, no report, no resuming; an answer that is no success ends it. Arguments: file, upstream's port.
 * Tells its parent `ready`, begins when it is sent anything, and tells the rows and the milliseconds that each account took.
 */
type Row = { readonly name: string; readonly email: string; readonly phone: string }
type Account = {
  readonly name: string
  readonly size: number
  readonly send: (rows: readonly Row[]) => Promise<Response>
}

const [, , file = '', port = ''] = process.argv
const upstream = `http://127.0.0.1:${port}`
const callsAtOnce = 8

const postJson = (path: string, body: unknown) =>
  fetch(upstream + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer bench' },
    body: JSON.stringify(body),
  })

const accounts: readonly Account[] = [
  {
    name: 'oblic-main',
    size: 100,
    send: (rows) =>
      postJson(
        '/external/contact-list/v1/a459be9e-e6e5-11f0-967f-0af3f8fe5ae7/add',
        rows.map(({ name, email, phone }) => ({ name, email, phone: phone.slice(1) })),
      ),
  },
  {
    name: 'octopush-fr',
    size: 200,
    send: (rows) =>
      postJson('/v1/public/contact/create', {
        contacts: rows.map(({ name, email, phone }) => ({ phone_number: phone, first_name: name, email })),
        list_name: 'newsletter',
      }),
  },
  {
    name: 'vobiz-files',
    size: 1000,
    send: (rows) => {
      const lines = rows.map(({ name, phone }) => `${phone},${name},newsletter`)
      const form = new FormData()
      form.append('file', new File([`phone_number,name,tags\n${lines.join('\n')}\n`], 'contacts.csv'))
      return fetch(`${upstream}/api/v1/messaging/contacts/import`, { method: 'POST', body: form })
    },
  },
]

process.once('message', async () => {
  const startedAt = performance.now()
  const lines = accounts.map((account) => ({ account, batch: [] as Row[], calls: new Set<Promise<void>>() }))
  let rows = 0
  const send = async ({ account, batch, calls }: (typeof lines)[number], all: readonly Row[]) => {
    batch.length = 0
    const call: Promise<void> = account
      .send(all)
      .then(async (answer) => {
        if (!answer.ok) throw new Error(`${account.name}: ${answer.status}`)
        await answer.text()
      })
      .finally(() => calls.delete(call))
    calls.add(call)
    if (calls.size >= callsAtOnce) await Promise.race(calls)
  }
  for await (const row of createReadStream(file).pipe(parse({ columns: true })) as AsyncIterable<Row>) {
    rows++
    for (const line of lines) {
      line.batch.push(row)
      if (line.batch.length === line.account.size) await send(line, [...line.batch])
    }
  }
  const took = await Promise.all(
    lines.map(async (line) => {
      if (line.batch.length > 0) await send(line, [...line.batch])
      await Promise.all(line.calls)
      return [line.account.name, performance.now() - startedAt] as const
    }),
  )
  process.send?.({ rows, took: Object.fromEntries(took) })
})
process.send?.('ready')
