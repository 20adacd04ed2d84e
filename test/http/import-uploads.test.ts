import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { boundary, importWhole, lastBoundary, openRaw, part, post, upload } from '../support/import-calls.ts'
import { importStores } from '../support/import-stores.ts'
import { isLongRun } from '../support/long-run.ts'
import { startGateway } from '../support/start-gateway.ts'
import { withImportStores } from '../support/with-import-stores.ts'

const megabyte = 1024 * 1024
const head = 'name,email\n'

withImportStores('with %s, an upload', {}, (gateway, store, name) => {
  /** What is too large is refused above the store's port: an everyday run has these on one of them. */
  const testOnce = test.runIf(isLongRun || name === 'SQLite')

  /** Nothing was made of it, nothing was sent, and the disk holds nothing, with a name or without. */
  const expectNothingLeft = async () => {
    await expect.poll(() => openUploads(store.uploadFolder)).toEqual([])
    expect(existsSync(store.uploadFolder) ? readdirSync(store.uploadFolder) : []).toEqual([])
    expect((await gateway.call('GET', '/imports')).body).toEqual({ items: [] })
    const { oblic, octopush, vobiz } = gateway.simulators
    expect([oblic, octopush, vobiz].map((simulator) => simulator.requestTotal())).toEqual([0, 0, 0])
    expect((await gateway.call('GET', '/lists')).status).toBe(200)
  }

  test('whose caller goes away half-way leaves nothing', async () => {
    const { socket, ended } = openRaw(gateway, 3 * megabyte)
    socket.write(part(head + 'A,a@example.com\n'.repeat(20_000)))
    await expect.poll(() => openUploads(store.uploadFolder)).toHaveLength(1)
    socket.destroy()
    expect(await ended).toBe('')
    await expectNothingLeft()
  })

  test.each([
    ['in the middle of the file', `${part(`${head}A,a@exam`)}`],
    ['before the last boundary', `${part(`${head}A,a@example.com\n`)}\r\n--${boundary}`],
    [
      'in the middle of the options',
      `${part(`${head}A,a@example.com\n`)}\r\n${part('{"deli', { name: 'options', fileName: '' })}`,
    ],
    ['in the head of a part', `--${boundary}\r\ncontent-disposition: form-da`],
  ])('that ends %s is 400, and leaves nothing', async (_where, body) => {
    const { socket, ended } = openRaw(gateway, Buffer.byteLength(body))
    socket.write(body)
    const answer = await ended
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('"code":"malformed-request"')
    await expectNothingLeft()
  })

  testOnce.each([true, false])(
    'of 51 MB (length announced: %s) is 413 even to a sender that looks only when it has sent everything, and the connection ends',
    async (isAnnounced) => {
      const first = part(head)
      const length = first.length + 51 * megabyte
      const { socket, ended } = openRaw(gateway, isAnnounced ? length : undefined)
      const isSent = (bytes: string) => {
        if (isAnnounced) return socket.write(bytes)
        socket.write(`${bytes.length.toString(16)}\r\n`)
        return socket.write(`${bytes}\r\n`)
      }
      socket.pause()
      isSent(first)
      const piece = 'A,a@example.com\n'.repeat(65_536)
      const broken = new Promise((resolve) => socket.once('error', resolve))
      for (let sent = 0; sent < 51; sent++)
        if (!isSent(piece)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), broken])
      socket.resume()
      const answer = await ended
      expect(answer).toMatch(/^HTTP\/1\.1 413 /)
      expect(answer.toLowerCase()).toContain('connection: close')
      expect(answer).toContain(`limit of ${50 * megabyte} bytes`)
      await expectNothingLeft()
    },
  )

  testOnce('of 51 MB by fetch, which sends on while the answer comes, is a 413 that can be read', async () => {
    const csv = head + 'A,a@example.com\n'.repeat((51 * megabyte) / 16)
    const answer = await upload(gateway, { csv })
    expect([answer.status, answer.body.code]).toEqual([413, 'payload-too-large'])
    expect(answer.body.detail).toContain(String(50 * megabyte))
    await expectNothingLeft()
  })

  testOnce('of one line of 49 MB is 413 with its line', async () => {
    const csv = `${head}A,a@example.com\nB,${'x'.repeat(49 * megabyte)}\n`
    const answer = await upload(gateway, { csv })
    expect([answer.status, answer.body.code]).toEqual([413, 'payload-too-large'])
    expect(answer.body.detail).toMatch(/Line 3: .* 65536 bytes/)
    await expectNothingLeft()
  })

  test.each<
    [
      what: string,
      parts: readonly [name: string, content: string, fileName?: string][],
      status: number,
      code: string,
      pointer?: string,
    ]
  >([
    [
      'two files',
      [
        ['file', `${head}A,a@example.com\n`],
        ['file', `${head}B,b@example.com\n`],
      ],
      422,
      'validation-failed',
      '#/file',
    ],
    [
      'options twice',
      [
        ['options', '{}', ''],
        ['options', '{}', ''],
        ['file', `${head}A,a@example.com\n`],
      ],
      422,
      'validation-failed',
      '#/options',
    ],
    ['no file', [['options', '{}', '']], 422, 'validation-failed', '#/file'],
    ['a file of another name', [['csv', `${head}A,a@example.com\n`]], 422, 'validation-failed', '#/csv'],
    [
      'a field beside the file',
      [
        ['file', `${head}A,a@example.com\n`],
        ['note', 'x', ''],
      ],
      422,
      'validation-failed',
      '#/note',
    ],
    [
      '2,000 parts',
      Array.from({ length: 2000 }, (_, n) => [`p${n}`, 'x', ''] as [string, string, string]),
      422,
      'validation-failed',
      '#/p0',
    ],
    [
      '2,000 parts after the file',
      [
        ['file', `${head}A,a@example.com\n`],
        ...Array.from({ length: 2000 }, (_, n) => [`p${n}`, 'x', ''] as [string, string, string]),
      ],
      422,
      'validation-failed',
      '#/p0',
    ],
    [
      'options of more than 256 KB',
      [
        ['options', `{"delimiter":"${'x'.repeat(300_000)}"}`, ''],
        ['file', `${head}A,a@example.com\n`],
      ],
      413,
      'payload-too-large',
    ],
    [
      'a part named __proto__',
      [
        ['__proto__', 'x', ''],
        ['file', `${head}A,a@example.com\n`],
      ],
      400,
      'malformed-request',
    ],
  ])('with %s is refused and leaves nothing', async (_what, parts, status, code, pointer) => {
    const body = `${parts.map(([name, content, fileName]) => part(content, { name, ...(fileName !== undefined && { fileName }) })).join('\r\n')}${lastBoundary}`
    const { socket, ended, received } = openRaw(gateway, Buffer.byteLength(body))
    socket.write(body)
    await expect.poll(received).toContain('}')
    socket.end()
    const answer = await ended
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toContain(`"code":"${code}"`)
    if (pointer !== undefined) expect(answer).toContain(`"pointer":"${pointer}"`)
    await expectNothingLeft()
  })

  test.each([
    ['multipart without a boundary', 'multipart/form-data', 400, 'malformed-request'],
    ['a bare CSV file', 'text/csv', 415, 'unsupported-media-type'],
    ['JSON', 'application/json', 415, 'unsupported-media-type'],
  ])('as %s is refused', async (_what, type, status, code) => {
    const body = type.includes('json') ? '{}' : part(`${head}A,a@example.com\n`) + lastBoundary
    const { socket, ended, received } = openRaw(gateway, Buffer.byteLength(body), type)
    socket.write(body)
    await expect.poll(received).toContain('}')
    socket.end()
    const answer = await ended
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toContain(`"code":"${code}"`)
    await expectNothingLeft()
  })

  test('with an empty body is refused', async () => {
    const { socket, ended, received } = openRaw(gateway, 0)
    await expect.poll(received).toContain('}')
    socket.end()
    expect(await ended).toMatch(/^HTTP\/1\.1 4(00|22) /)
    await expectNothingLeft()
  })
})

describe('an upload', () => {
  const start = async (changes: Parameters<typeof startGateway>[0] = {}) => {
    const [, open] = importStores[0] as (typeof importStores)[0]
    const store = await open()
    const gateway = await startGateway({ ...changes, env: store.env })
    onTestFinished(async () => {
      await gateway.close()
      await store.close()
    })
    return { store, gateway }
  }

  test('may take minutes, but not for ever: over its time it is 408, the connection ends, and nothing is left', async () => {
    const { store, gateway } = await start()
    const { server } = gateway.gateway.app
    // 50 MB at 2 Mbit/s.
    expect(server.requestTimeout).toBeGreaterThan(200_000)
    server.requestTimeout = 500
    // Node takes the longer one of both for the whole request.
    server.headersTimeout = 400
    const { socket, ended } = openRaw(gateway, 10_000)
    socket.write(part(head))
    const dripping = setInterval(() => socket.writable && socket.write('x'), 100)
    onTestFinished(() => clearInterval(dripping))
    const answer = await ended
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('"code":"request-timeout"')
    await expect.poll(() => openUploads(store.uploadFolder)).toEqual([])
    expect(readdirSync(store.uploadFolder)).toEqual([])
    expect((await gateway.call('GET', '/imports')).body.items).toEqual([])
  })

  test.each([
    ['a path', '../../etc/passwd'],
    ['4 KB', `${'n'.repeat(4096)}.csv`],
    ['right-to-left marks', 'gnp.\u202evsc.csv'],
    ['none', ''],
  ])('whose file name is %s is taken like any other', async (_what, fileName) => {
    const { store, gateway } = await start()
    const body = part(`${head}A,a@example.com\n`, { fileName }) + lastBoundary
    const { socket, received } = openRaw(gateway, Buffer.byteLength(body))
    socket.write(body)
    await expect.poll(received).toMatch(/^HTTP\/1\.1 202 /)
    socket.destroy()
    expect(readdirSync(store.uploadFolder)).toEqual([])
    await expect.poll(() => openUploads(store.uploadFolder)).toEqual([])
    expect(gateway.logged()).not.toContain('etc/passwd')
  })

  test.each([
    ['importBytes', 100, /limit of 100 bytes/],
    ['importRows', 3, /Line 5: .*more than 3 rows/],
    ['importRowBytes', 20, /Line 2: .*more than 20 bytes/],
  ])('over the limit %s is 413 with that limit', async (limit, value, detail) => {
    const { gateway } = await start({ limits: { [limit]: value } })
    const answer = await upload(gateway, { csv: `${head}${'Name,name@example.com\n'.repeat(5)}` })
    expect([answer.status, answer.body.code]).toEqual([413, 'payload-too-large'])
    expect(answer.body.detail).toMatch(detail)
    expect((await gateway.call('GET', '/imports')).body.items).toEqual([])
  })

  test('does not keep its sender from being refused before it is read: no key, no scope, no list', async () => {
    const { store, gateway } = await start({ clients: { reader: { scopes: ['contacts:read', 'contacts:write'] } } })
    const form = new FormData()
    form.append('file', new Blob([`${head}A,a@example.com\n`]), 'people.csv')
    const refused = await Promise.all([
      post(gateway, form, { headers: { authorization: 'Bearer cgw_crm_wrong' } }),
      post(gateway, form, { client: 'reader' }),
      post(gateway, form, { list: 'nowhere' }),
    ])
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual([
      [401, 'unauthorized'],
      [403, 'scope-missing'],
      [404, 'not-found'],
    ])
    expect(openUploads(store.uploadFolder)).toEqual([])
    await importWhole(gateway, { csv: `${head}A,a@example.com\n` })
  })
})

/** What this process holds open in a folder; a file without a name there has `(deleted)` behind it. */
function openUploads(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.startsWith(folder) ? [path] : []
    } catch {
      // It was closed meanwhile.
      return []
    }
  })
}
