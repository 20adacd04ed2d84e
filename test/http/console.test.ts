import { createHash } from 'node:crypto'
import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
let page: string
beforeAll(async () => {
  gateway = await startGateway({ server: { console: true, docs: true } })
  page = await (await fetch(`${gateway.url}/console`)).text()
})
afterAll(() => gateway?.close())

/** Every file that the page names, by its address. */
const filesOf = (html: string) => [
  ...new Set(
    [...html.matchAll(/"(\.\/console\/[0-9a-f]{16}\/[^"]+)"/g)].map(
      ([, at]) => new URL(at as string, `${gateway.url}/console`).href,
    ),
  ),
]

describe('the page of the console', () => {
  test('allows of what is inline its import map alone, and nothing from elsewhere', async () => {
    const policy = (await fetch(`${gateway.url}/console`)).headers.get('content-security-policy') ?? ''
    const [, importMap] = /<script type="importmap">(.*?)<\/script>/.exec(page) ?? []
    const hash = createHash('sha256')
      .update(importMap as string)
      .digest('base64')
    expect(policy).toBe(
      `default-src 'none'; script-src 'self' 'sha256-${hash}'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
    expect(page).not.toMatch(/https?:|style=|onload|<style/)
    expect(page.match(/<script(?![^>]*src)/g)).toHaveLength(1)
  })

  test('is asked for anew each time, and answered without a body while nothing has changed', async () => {
    const first = await fetch(`${gateway.url}/console`)
    expect(first.headers.get('cache-control')).toBe('no-cache')
    const etag = first.headers.get('etag') as string
    const again = await fetch(`${gateway.url}/console`, { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  test('leads from an address with a slash at its end to its own, whatever a proxy puts in front', async () => {
    const answer = await fetch(`${gateway.url}/console/`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '../console'])
  })

  test('is where / leads a browser to', async () => {
    const answer = await fetch(`${gateway.url}/`, { redirect: 'manual', headers: { accept: 'text/html' } })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/console'])
  })
})

describe('the files of the console', () => {
  test('are all there, with their type, for ever, and small: 150 KB together as they are sent', async () => {
    const files = filesOf(page)
    expect(files.length).toBeGreaterThan(40)
    let bytes = page.length
    for (const file of files) {
      const { status, headers, length } = await getPacked(file)
      expect([file, status, headers['content-encoding'], headers['cache-control']]).toEqual([
        file,
        200,
        'gzip',
        'public, max-age=31536000, immutable',
      ])
      expect(headers['content-type']).toMatch(file.endsWith('.js') ? /^text\/javascript/ : /^text\/css|^image\/svg/)
      bytes += length
    }
    expect(bytes).toBeLessThan(150 * 1024)
  })

  test('are sent as they are to whoever takes no gzip', async () => {
    const [file] = filesOf(page).filter((name) => name.endsWith('main.js'))
    for (const coding of ['identity', 'gzip;q=0']) {
      const { headers, text } = await getPacked(file as string, coding)
      expect(headers['content-encoding']).toBeUndefined()
      expect(text).toContain('import ')
    }
  })

  test('of another version, and others of the machine, are not there', async () => {
    const [file] = filesOf(page) as [string]
    for (const wrong of [
      file.replace(/\/[0-9a-f]{16}\//, '/0123456789abcdef/'),
      file.replace(/[^/]+$/, 'tsconfig.json'),
      file.replace(/[^/]+$/, '..%2f..%2f..%2fpackage.json'),
    ]) {
      const answer = await fetch(wrong)
      expect([wrong, answer.status]).toEqual([wrong, 404])
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
  })

  test('are limited apart: whoever loads the page often can still read the documentation', async () => {
    const [file] = filesOf(page) as [string]
    for (let count = 0; count < 650; count++) await (await fetch(file)).arrayBuffer()
    expect((await fetch(`${gateway.url}/docs`)).status).toBe(200)
  })
})

test('where it is not wanted there is none, and / leads to the documentation', async () => {
  const without = await startGateway({ server: { docs: true } })
  expect((await fetch(`${without.url}/console`)).status).toBe(404)
  const home = await fetch(`${without.url}/`, { redirect: 'manual', headers: { accept: 'text/html' } })
  expect(home.headers.get('location')).toBe('/docs')
  await without.close()
})

/** As it comes over the line. */
function getPacked(url: string, coding = 'gzip') {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; length: number; text: string }>(
    (resolve, reject) =>
      get(url, { headers: { 'accept-encoding': coding } }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const { statusCode: status, headers } = response
          resolve({ status, headers, length: bytes.length, text: bytes.toString() })
        })
      }).on('error', reject),
  )
}
