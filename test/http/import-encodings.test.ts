import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { encodeText } from '../../src/imports/encodings/text-encoding.ts'
import { everyEncoding, namesIn } from '../imports/every-encoding.ts'
import { importWhole, upload } from '../support/import-calls.ts'
import type { TestGateway } from '../support/start-gateway.ts'
import { withImportStores } from '../support/with-import-stores.ts'

/** The people and their files are made with the gateway's own encoder; test/imports/encodings.test.ts has what that is worth. */
const encoded = (text: string, encoding: string) => new Uint8Array(encodeText(text, encoding))
const decoded = (bytes: Uint8Array, encoding: string) => new TextDecoder(encoding).decode(bytes)

async function reportOf({ url, key }: TestGateway, id: string) {
  const response = await fetch(`${url}/imports/${id}/errors.csv`, { headers: { authorization: `Bearer ${key()}` } })
  return { type: response.headers.get('content-type'), bytes: new Uint8Array(await response.arrayBuffer()) }
}

withImportStores('with %s', { abovePort: true }, (gateway) => {
  const namesAtOblic = () => gateway.simulators.oblic.contacts().map(({ name }) => name)

  describe('a file, its report, and the report when it is mended and uploaded with the same options', () => {
    test.each(everyEncoding)('in %s', async (encoding) => {
      const [one, two] = namesIn(encoding)
      const mark = encoding.startsWith('utf-16') ? '\ufeff' : ''
      const above = `${one}\r\n\r\n`
      const csv = `${mark}${above}name;email;note ${one}\r\n${one};j@example.com;x\r\n${two};bad;"${two}\r\n${one}"\r\n`
      const options = { encoding: encoding.toUpperCase(), headerRow: 3, mapping: { [`note ${one}`]: null } }
      const done = await importWhole(gateway, { csv: encoded(csv, encoding), options })
      expect((await gateway.call('GET', `/imports/${done.id}`)).body.options).toEqual(options)
      expect(namesAtOblic()).toEqual([one])

      const { type, bytes } = await reportOf(gateway, done.id)
      expect(type).toBe(`text/csv; charset=${encoding}`)
      const report = decoded(bytes, encoding)
      expect(report).toMatch(`\r\n\r\nname;email;note ${one};_row;_account;_status;_code;_detail\r\n`)
      expect(report).toContain(`${two};bad;"${two}\r\n${one}";2;`)
      expect([...bytes.subarray(0, 2)].includes(0xff)).toBe(encoding.startsWith('utf-16'))

      const mended = encoded(`${mark}${report.replace('bad', 'k@example.com')}`, encoding)
      const again = await importWhole(gateway, { csv: mended, options })
      expect(again.progress['oblic-main']).toMatchObject({ accepted: 1 })
      expect(namesAtOblic().toSorted()).toEqual([one, two].toSorted())
    })
  })

  test('a report of a file with lines above its header is read without headerRow too', async () => {
    const csv = 'Customers\nof May\nname,email\nJane,bad\n'
    const done = await importWhole(gateway, { csv, options: { headerRow: 3 } })
    const { bytes } = await reportOf(gateway, done.id)
    const again = await importWhole(gateway, { csv: decoded(bytes, 'utf-8').replace('bad', 'j@example.com') })
    expect(again.progress['oblic-main']).toMatchObject({ accepted: 1 })
  })

  test('words of the gateway that an encoding lacks do not break the report', async () => {
    const csv = encoded('name;email;phone\nИван;j@example.com;12/34 “no”\n'.replaceAll(/[“”]/g, "'"), 'koi8-r')
    const done = await importWhole(gateway, { csv, options: { encoding: 'koi8-r' } })
    const { bytes } = await reportOf(gateway, done.id)
    expect(decoded(bytes, 'koi8-r')).toContain('\nИван;j@example.com;')
  })

  test.each([
    [{ encoding: 'utf-7' }, '#/options/encoding', 'unknown_encoding'],
    [{ encoding: '' }, '#/options/encoding', undefined],
    [{ encoding: 8 }, '#/options/encoding', undefined],
    [{ encoding: 'utf-16' }, '#/options/encoding', 'wrong_encoding'],
    [{ headerRow: 0 }, '#/options/headerRow', undefined],
    [{ headerRow: 1.5 }, '#/options/headerRow', undefined],
    [{ headerRow: 5 }, '#/options/headerRow', 'no_such_line'],
  ])('%j is refused with its place', async (options, pointer, code) => {
    const answer = await upload(gateway, { csv: 'email\nj@example.com\n', options })
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toMatchObject([{ pointer, ...(code && { code }) }])
  })

  test('a doubtful encoding is a warning of the import, and the rows go', async () => {
    const csv = encoded('name;email\nИван Петров;j@example.com\n', 'windows-1251')
    const { status, body } = await upload(gateway, { csv, options: { encoding: 'latin1' } })
    expect([status, body.warnings]).toEqual([
      202,
      [
        {
          code: 'encoding_doubtful',
          column: 'name',
          detail: expect.stringContaining('encoding: "windows-1251"'),
          suggests: { encoding: 'windows-1251' },
        },
      ],
    ])
  })

  test('another encoding or line under one idempotency key is another request', async () => {
    const csv = 'email\nemail\nj@example.com\n'
    for (const [first, second] of [
      [{ encoding: 'latin1' }, { encoding: 'utf-8' }],
      [{ headerRow: 1 }, { headerRow: 2 }],
    ]) {
      const headers = { 'idempotency-key': randomUUID() }
      expect((await upload(gateway, { csv, options: first, headers })).status).toBe(202)
      expect((await upload(gateway, { csv, options: first, headers })).headers.get('idempotency-replayed')).toBe('true')
      expect((await upload(gateway, { csv, options: second, headers })).status).toBe(422)
    }
  })
})
