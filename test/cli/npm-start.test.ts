import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('SIGTERM to npm start ends the gateway, not npm alone', async () => {
  const { PATH, HOME } = process.env
  const npm = spawn('npm', ['start'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { PATH, HOME, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  npm.stdout.on('data', (chunk: Buffer) => {
    printed += chunk
    if (/"event":"listening"/.test(printed)) npm.kill('SIGTERM')
  })
  await once(npm, 'close')
  const [, url] = /"event":"listening","url":"([^"]+)"/.exec(printed) ?? []
  expect(url).toBeDefined()
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed')
})
