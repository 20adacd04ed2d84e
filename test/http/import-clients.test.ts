import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { freshKey } from '../support/contact-source.ts'
import { importWhole, untilDone, upload } from '../support/import-calls.ts'
import { withImportStores } from '../support/with-import-stores.ts'

const one = 'name,email\nA,a@example.com\n'
const mail = { targets: [{ account: 'oblic-main', list: 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7' }] }

const changes = {
  limits: { importsPerClient: 3 },
  lists: { mail },
  clients: {
    other: { scopes: ['contacts:read', 'contacts:write', 'imports'] },
    narrow: { scopes: ['contacts:read', 'contacts:write'] },
    limited: { lists: ['sms'] },
    cr: {},
  },
}

withImportStores('with %s, imports', { per: 'test', changes }, (gateway, store) => {
  const as = (client: string) => ({ key: gateway.key(client) })
  const withoutInstance = (text: string) => text.replace(/\/requests\/[^"]+/, '')

  test("are their client's own: to all others they do not exist, in the same words", async () => {
    const done = await importWhole(gateway, { list: 'mail', csv: one })
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/events'],
      ['GET', '/errors'],
      ['GET', '/errors.csv'],
      ['POST', '/cancel'],
    ] as const) {
      const foreign = await gateway.call(method, `/imports/${done.id}${path}`, as('other'))
      const nobodys = await gateway.call(method, `/imports/${randomUUID()}${path}`, as('other'))
      expect([foreign.status, foreign.body.code]).toEqual([404, 'not-found'])
      expect(withoutInstance(foreign.text)).toBe(withoutInstance(nobodys.text))
      const strange = await gateway.call(method, `/imports/${encodeURIComponent('../*{x}')}${path}`, as('other'))
      expect(withoutInstance(strange.text)).toBe(withoutInstance(nobodys.text))
    }
    expect((await gateway.call('GET', '/imports', as('other'))).body).toEqual({ items: [] })
    expect((await gateway.call('GET', `/imports?cursor=${done.id}`, as('other'))).body.code).toBe('invalid-cursor')
    // A client whose name is the beginning of another's is another.
    expect((await gateway.call('GET', '/imports', as('cr'))).body).toEqual({ items: [] })
    expect((await gateway.call('GET', `/imports/${done.id}`)).body).toEqual(done)
  })

  test('need their scope, everywhere', async () => {
    const done = await importWhole(gateway, { list: 'mail', csv: one })
    const started = await upload(gateway, { csv: one, client: 'narrow' })
    const calls = await Promise.all([
      gateway.call('GET', '/imports', as('narrow')),
      gateway.call('GET', `/imports/${done.id}`, as('narrow')),
      gateway.call('GET', `/imports/${done.id}/events`, as('narrow')),
      gateway.call('GET', `/imports/${done.id}/errors`, as('narrow')),
      gateway.call('GET', `/imports/${done.id}/errors.csv`, as('narrow')),
      gateway.call('POST', `/imports/${done.id}/cancel`, as('narrow')),
    ])
    for (const { status, body } of [started, ...calls]) expect([status, body.code]).toEqual([403, 'scope-missing'])
  })

  test('go to lists that the client may see; another is none', async () => {
    const foreign = await upload(gateway, { list: 'mail', csv: one, client: 'limited' })
    const nobodys = await upload(gateway, { list: 'nowhere', csv: one, client: 'limited' })
    expect([foreign.status, withoutInstance(foreign.text)]).toEqual([404, withoutInstance(nobodys.text)])
  })

  test('are listed newest first, page by page', async () => {
    const ids: string[] = []
    for (let n = 0; n < 5; n++)
      ids.unshift((await importWhole(gateway, { list: 'mail', csv: `name,email\nA,a${n}@example.com\n` })).id)
    const pages: string[][] = []
    for (let path = '/imports?limit=2'; ; ) {
      const { body } = await gateway.call('GET', path)
      pages.push(body.items.map(({ id }: { id: string }) => id))
      if (body.nextCursor === undefined) break
      path = `/imports?limit=2&cursor=${body.nextCursor}`
    }
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])
    expect((await gateway.call('GET', '/imports')).body.items).toHaveLength(5)
    for (const cursor of ['x', '', randomUUID()]) {
      const answer = await gateway.call('GET', `/imports?cursor=${cursor}`)
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid-cursor'])
    }
    for (const limit of ['0', '101', '1e9'])
      expect((await gateway.call('GET', `/imports?limit=${limit}`)).status).toBe(422)
  })

  test('are limited for each client: one more is 429, others are served, and there is room when one has ended', async () => {
    const { oblic } = gateway.simulators
    oblic.setBehaviour({ latencyMs: 1_000 })
    const started = []
    for (let n = 0; n < 3; n++) started.push(await upload(gateway, { list: 'mail', csv: one }))
    expect(started.map(({ status }) => status)).toEqual([202, 202, 202])
    const refused = await upload(gateway, {
      list: 'mail',
      csv: one,
      headers: { 'idempotency-key': 'a-key-of-one-too-many' },
    })
    expect([refused.status, refused.body.code, refused.body.retriable]).toEqual([429, 'too-many-imports', true])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await upload(gateway, { list: 'mail', csv: one, client: 'other' })).status).toBe(202)
    expect((await gateway.call('GET', '/imports')).body.items).toHaveLength(3)
    oblic.setBehaviour({})
    for (const { body } of started) await untilDone(gateway, body.id)
    // The refusal was not kept under the key.
    const later = await upload(gateway, {
      list: 'mail',
      csv: one,
      headers: { 'idempotency-key': 'a-key-of-one-too-many' },
    })
    expect([later.status, later.headers.get('idempotency-replayed')]).toEqual([202, null])
  })

  test('of JSON batches count for the limit too', async () => {
    gateway.simulators.oblic.setBehaviour({ latencyMs: 1_000 })
    const start = () =>
      gateway.call('POST', '/lists/mail/contacts', {
        body: { contacts: [{ name: 'A', email: 'a@example.com' }] },
        headers: { prefer: 'respond-async' },
      })
    const answers = []
    for (let n = 0; n < 4; n++) answers.push(await start())
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429])
    expect(answers[3]?.body.code).toBe('too-many-imports')
  })

  describe('under one idempotency key', () => {
    test('are one, while it runs and afterwards; the rows are sent once', async () => {
      const { oblic } = gateway.simulators
      oblic.setBehaviour({ latencyMs: 500 })
      const headers = { 'idempotency-key': freshKey() }
      const first = await upload(gateway, { list: 'mail', csv: one, headers })
      expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([202, null])
      const again = await upload(gateway, { list: 'mail', csv: one, headers })
      expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([202, first.text, 'true'])
      expect(again.headers.get('location')).toBe(first.headers.get('location'))
      await untilDone(gateway, first.body.id)
      const late = await upload(gateway, { list: 'mail', csv: one, headers })
      expect(late.body.id).toBe(first.body.id)
      expect(oblic.counts()).toMatchObject({ total: 1, sends: 1 })
      expect((await gateway.call('GET', '/imports')).body.items).toHaveLength(1)
    })

    test('are one when they come at once: one answer, and its replay, 409, or for want of a place 429 for the others', async () => {
      const headers = { 'idempotency-key': freshKey() }
      const csv = `name,email\n${Array.from({ length: 3_000 }, (_, n) => `A,a${n}@example.com`).join('\n')}\n`
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => upload(gateway, { list: 'mail', csv, headers })),
      )
      const ids = new Set(answers.flatMap(({ status, body }) => (status === 202 ? [body.id] : [])))
      expect(ids.size).toBe(1)
      for (const { status, headers } of answers)
        expect(status === 202 || ([409, 429].includes(status) && Number(headers.get('retry-after')) > 0)).toBe(true)
      await untilDone(gateway, [...ids][0] as string)
      expect(gateway.simulators.oblic.counts()).toMatchObject({ total: 3_000, sends: 3_000 })
    })

    test('are the same with another boundary, file name, order of parts, or spelling of the options', async () => {
      const headers = { 'idempotency-key': freshKey() }
      const options = { onConflict: 'skip', delimiter: ',' }
      const first = await upload(gateway, { list: 'mail', csv: one, headers, options })
      const replays = [
        await upload(gateway, { list: 'mail', csv: one, headers, options }),
        await upload(gateway, { list: 'mail', csv: one, headers, options, fileName: 'other.csv' }),
        await upload(gateway, { list: 'mail', csv: one, headers, options, optionsFirst: false }),
        await upload(gateway, { list: 'mail', csv: one, headers, options: { delimiter: ',', onConflict: 'skip' } }),
      ]
      for (const { status, text, headers } of replays)
        expect([status, text, headers.get('idempotency-replayed')]).toEqual([202, first.text, 'true'])
    })

    test('are refused for other bytes, other options, another list', async () => {
      const headers = { 'idempotency-key': freshKey() }
      await upload(gateway, { list: 'mail', csv: one, headers })
      const others = [
        await upload(gateway, { list: 'mail', csv: `${one}B,b@example.com\n`, headers }),
        await upload(gateway, { list: 'mail', csv: one.replace('\n', '\r\n'), headers }),
        await upload(gateway, { list: 'mail', csv: one, headers, options: { onConflict: 'skip' } }),
        await upload(gateway, { list: 'mail', csv: one, headers, query: '?validateOnly=true' }),
        await upload(gateway, { list: 'newsletter', csv: one, headers }),
      ]
      for (const { status, body } of others) expect([status, body.code]).toEqual([422, 'idempotency-key-reused'])
      expect((await gateway.call('GET', '/imports')).body.items).toHaveLength(1)
    })

    test('may be repeated with a mended file after a refusal', async () => {
      const headers = { 'idempotency-key': freshKey() }
      const refused = await upload(gateway, { list: 'mail', csv: 'name,email\nA,"a@example.com\n', headers })
      expect([refused.status, refused.body.code]).toEqual([422, 'file-unreadable'])
      expect((await upload(gateway, { list: 'mail', csv: one, headers })).status).toBe(202)
    })

    test("are another client's own", async () => {
      const headers = { 'idempotency-key': freshKey() }
      const [mine, others] = await Promise.all([
        upload(gateway, { list: 'mail', csv: one, headers }),
        upload(gateway, { list: 'mail', csv: one, headers, client: 'other' }),
      ])
      expect([mine.status, others.status]).toEqual([202, 202])
      expect(mine.body.id).not.toBe(others.body.id)
    })

    test('are kept for seven days', async () => {
      await upload(gateway, { list: 'mail', csv: one, headers: { 'idempotency-key': freshKey() } })
      const keptMs = await longestAnswerMs(store.env)
      expect(keptMs / 86_400_000).toBeGreaterThan(6.99)
      expect(keptMs / 86_400_000).toBeLessThanOrEqual(7)
    })

    test('are one when they are of a JSON batch', async () => {
      const send = () =>
        gateway.call('POST', '/lists/mail/contacts', {
          body: { contacts: [{ name: 'A', email: 'a@example.com' }] },
          headers: { prefer: 'respond-async', 'idempotency-key': 'a-key-of-a-json-batch' },
        })
      const first = await send()
      await untilDone(gateway, first.body.id)
      const again = await send()
      expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([202, first.text, 'true'])
      expect(gateway.simulators.oblic.counts()).toMatchObject({ sends: 1 })
    })

    test('are not the same as a batch that is answered at once: what that has sent is not sent again', async () => {
      const send = (prefer: string) =>
        gateway.call('POST', '/lists/newsletter/contacts', {
          body: { contacts: [{ name: 'A', email: 'a@example.com', phone: '+919876543210' }] },
          headers: { prefer, 'idempotency-key': 'a-key-of-both-kinds' },
        })
      gateway.simulators.vobiz.setBehaviour({ status: 503 })
      const first = await send('wait=2')
      expect(first.body.summary.outcomes).toMatchObject({ accepted: 1 })
      const second = await send('respond-async')
      expect([second.status, second.body.code]).toEqual([422, 'idempotency-key-reused'])
      expect(gateway.simulators.oblic.counts()).toMatchObject({ sends: 1 })
    })
  })
})

/** How long the answer is kept that is kept longest, in ms from now. */
async function longestAnswerMs({ REDIS_URL, DATA_DIR = '' }: Readonly<Record<string, string>>): Promise<number> {
  if (REDIS_URL === undefined) {
    const database = new DatabaseSync(join(DATA_DIR, 'gateway.db'), { readOnly: true })
    try {
      return Number(database.prepare('SELECT max(expires_at) AS at FROM answers').get()?.at) - Date.now()
    } finally {
      database.close()
    }
  }
  const redis = new Redis(REDIS_URL)
  try {
    const keys = (await redis.keys('cgw:{*')).filter((key) => !key.startsWith('cgw:imports'))
    return Math.max(...(await Promise.all(keys.map((key) => redis.pttl(key)))))
  } finally {
    redis.disconnect()
  }
}
