import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { importWhole, untilDone, upload } from '../support/import-calls.ts'
import { withImportStores } from '../support/with-import-stores.ts'

const people = (rows: number) =>
  `email,name,phone\n${Array.from({ length: rows }, (_, at) => `p${at}@example.com,P${at},+91982${String(at).padStart(7, '0')}`).join('\n')}\n`
const bad = (rows: number) =>
  `email,name\n${Array.from({ length: rows }, (_, at) => `nobody ${at},${randomBytes(20).toString('hex')}`).join('\n')}\n`

const changes = {
  limits: { importsPerClient: 5, storedBytesPerClient: 40_000, importBytes: 1_000_000 },
  lists: { mail: { targets: [{ account: 'oblic-main', list: 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7' }] } },
  clients: { other: { scopes: ['imports'] }, operator: { scopes: ['admin'] } },
}

withImportStores('with %s, what comes in', { per: 'test', changes }, (gateway) => {
  const sockets: Socket[] = []
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy()
  })

  /** Begins an upload that says it is so long, and does not go on. */
  const begin = async (bytes: number): Promise<() => string> => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').on('error', () => {})
    sockets.push(socket)
    let received = ''
    socket.on('data', (data) => {
      received += data
    })
    socket.write(
      `POST /lists/mail/imports HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer ${gateway.key()}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${bytes}\r\n\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\nemail\n`,
    )
    return () => received
  }

  test('is no more than the client may have imports, however many come at once; others are not touched', async () => {
    gateway.simulators.oblic.setBehaviour({ latencyMs: 2_000 })
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => upload(gateway, { list: 'mail', csv: people(3) })),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 202)).toHaveLength(5)
    const refused = answers.filter(({ status }) => status !== 202)
    for (const { status, body } of refused) expect([status, body.code]).toEqual([429, 'too-many-imports'])
    expect((await upload(gateway, { list: 'mail', csv: people(3), client: 'other' })).status).toBe(202)
  })

  test('is told that there is no room before any of it is read; uploads that stall give their places back', async () => {
    const stalled = await Promise.all(Array.from({ length: 5 }, () => begin(5_000)))
    await expect.poll(async () => (await upload(gateway, { list: 'mail', csv: people(1) })).status).toBe(429)
    const sixth = await begin(5_000)
    await expect.poll(sixth).toContain('HTTP/1.1 429')
    for (const received of stalled) expect(received()).toBe('')
    for (const socket of sockets.splice(0)) socket.destroy()
    await expect.poll(async () => (await upload(gateway, { list: 'mail', csv: people(1) })).status).toBe(202)
  })

  test('has room for so many bytes together with what is kept, and what ended first goes for it', async () => {
    const first = await begin(35_000)
    const second = await begin(35_000)
    await expect.poll(() => (first() + second()).includes('HTTP/1.1 429')).toBe(true)
    const [told] = [first(), second()].filter((text) => text !== '')
    expect(told).toContain('40000 bytes')
    for (const socket of sockets.splice(0)) socket.destroy()
    await expect.poll(async () => (await upload(gateway, { list: 'mail', csv: people(1) })).status).toBe(202)
    const kept: string[] = []
    for (let n = 0; n < 4; n++) {
      const { id } = await importWhole(gateway, { list: 'mail', csv: bad(300) })
      kept.push(id)
    }
    const large = await importWhole(gateway, { list: 'mail', csv: bad(600) })
    expect(large.rows).toBe(600)
    const there = await Promise.all(kept.map(async (id) => (await gateway.call('GET', `/imports/${id}`)).status))
    expect(there[0]).toBe(404)
    expect(there.toSorted()).toEqual(there.toReversed())
    expect(gateway.logged()).toContain('was deleted with its reports, to make room')
  })

  test('is deleted when its client says so and it has ended; not before, and by nobody else', async () => {
    gateway.simulators.oblic.setBehaviour({ latencyMs: 1_000 })
    const { body } = await upload(gateway, { list: 'mail', csv: people(3) })
    const remove = (client = 'crm') => gateway.call('DELETE', `/imports/${body.id}`, { key: gateway.key(client) })
    const early = await remove()
    expect([early.status, early.body.code]).toEqual([409, 'import-unfinished'])
    await untilDone(gateway, body.id)
    expect((await remove('other')).status).toBe(404)
    expect((await remove()).status).toBe(204)
    expect((await remove()).status).toBe(404)
    expect((await gateway.call('GET', `/imports/${body.id}`)).status).toBe(404)
    expect((await gateway.call('GET', '/imports')).body.items).toEqual([])
  })

  test('is seen and canceled by an operator, whosever it is; its rows are not shown', async () => {
    gateway.simulators.oblic.setBehaviour({ latencyMs: 1_000 })
    const own = (await upload(gateway, { list: 'mail', csv: people(300) })).body.id
    const others = (await upload(gateway, { list: 'mail', csv: people(300), client: 'other' })).body.id
    const as = (client: string) => ({ key: gateway.key(client) })
    const listed = async (query: string, client = 'operator') =>
      (await gateway.call('GET', `/imports${query}`, as(client))).body.items?.map(
        ({ id, client }: Record<string, string>) => [id, client],
      )
    expect(await listed('?client=*')).toEqual([
      [others, 'other'],
      [own, 'crm'],
    ])
    expect(await listed('?client=crm')).toEqual([[own, 'crm']])
    expect(await listed('')).toEqual([])
    const first = (await gateway.call('GET', '/imports?client=*&limit=1', as('operator'))).body
    expect(first.items.map(({ id }: { id: string }) => id)).toEqual([others])
    expect(await listed(`?client=*&limit=1&cursor=${first.nextCursor}`)).toEqual([[own, 'crm']])
    const curious = await gateway.call('GET', '/imports?client=crm', as('other'))
    expect([curious.status, curious.body.code]).toEqual([403, 'scope-missing'])
    expect((await gateway.call('GET', `/imports/${own}`, as('operator'))).body.status).toMatch(/queued|running/)
    expect((await gateway.call('POST', `/imports/${own}/cancel`, as('operator'))).body.status).toBe('canceled')
    expect((await gateway.call('GET', `/imports/${own}`)).body.status).toBe('canceled')
    for (const path of ['errors', 'errors.csv'])
      expect((await gateway.call('GET', `/imports/${own}/${path}`, as('operator'))).status).toBe(403)
    expect((await gateway.call('DELETE', `/imports/${own}`, as('operator'))).status).toBe(204)
  })
})
