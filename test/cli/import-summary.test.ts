import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { importFile } from '../../src/cli/import-file.ts'
import { startGateway } from '../support/start-gateway.ts'

test('the summary of an import says what its rows lost at each account, and why rows were skipped', async () => {
  const gateway = await startGateway()
  onTestFinished(() => gateway.close())
  const folder = mkdtempSync(join(tmpdir(), 'gateway-import-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [file, errorsFile] = [join(folder, 'people.csv'), join(folder, 'errors.csv')]
  writeFileSync(file, 'name,email,phone,tags\nA,a@example.com,+919820000001,"x,y"\nA,b@example.com,+919820000001,\n')
  let printed = ''
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      printed += chunk
      done()
    },
  })
  const code = await importFile(
    { file, errorsFile, list: 'newsletter', url: gateway.url, options: undefined, validateOnly: false, force: false },
    gateway.key(),
    output as unknown as NodeJS.WriteStream,
  )
  expect(printed).toContain('Column 4 “tags” at oblic-main: it is not sent, since no tags are taken there.\n')
  expect(printed).toContain('  oblic-main: 2 accepted\n    lost 2: tags that are not kept there (tag_dropped)\n')
  expect(printed).toContain(
    '  vobiz-in: 1 created, 1 skipped\n    skipped 1: an earlier row is the same person there (duplicateInFile)\n',
  )
  expect(code).toBe(0)
  expect(() => readFileSync(errorsFile)).toThrow('ENOENT')
})
