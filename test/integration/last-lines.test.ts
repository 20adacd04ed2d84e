import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const module = new URL('../../src/log-output.ts', import.meta.url)

test('lines that come after the last ones were written are dropped, and the process ends without another word', () => {
  const program = `
    import { openLogOutput } from ${JSON.stringify(module.href)}
    const output = await openLogOutput({ isRead: false })
    output.stream.write('{"msg":"before"}\\n')
    await output.end()
    output.stream.write('{"msg":"after"}\\n')
    process.exit(78)
  `
  const flags = ['--no-warnings', '--input-type=module', '--eval', program]
  const ended = spawnSync(process.execPath, flags, { encoding: 'utf8', cwd: join(import.meta.dirname, '../..') })
  expect([ended.status, ended.stdout, ended.stderr]).toEqual([78, '{"msg":"before"}\n', ''])
})
