import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { importFile } from '../../src/cli/import-file.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'
import { workbookOf } from '../support/write-workbook.ts'

let gateway: TestGateway
let folder: string
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dry-run-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

/** What the command prints for a file, and its exit code. `isTTY`: somebody looks on. */
async function run(content: string | Uint8Array, { options = '', isTTY = false, dryRun = true } = {}) {
  const file = join(folder, 'people.csv')
  writeFileSync(file, content)
  let printed = ''
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      printed += chunk
      done()
    },
  })
  const command = { file, errorsFile: join(folder, 'errors.csv'), list: 'newsletter', url: gateway.url, dryRun }
  const given = { options: options || undefined, validateOnly: false, force: false }
  const stream = Object.assign(output, { isTTY }) as unknown as NodeJS.WriteStream
  const code = await importFile({ ...command, ...given }, gateway.key(), stream).catch((error: Error) => error.message)
  return { code, printed }
}

const csv = `Vorname;Handy;Telefon;E-Mail;Kontakt;Etiketten;Notiz
Zoé Canary;+33612345678;+33611111111;zoe@example.com;c@example.com;vip;
Ann Canary;+33612345678;;ann@example.com;;;
Ben Canary;12;;ben@example.com;;;
`

test('a dry run shows what columns are taken for and what each account would get, and no value', async () => {
  const { code, printed } = await run(csv)
  expect(printed).toBe(`people.csv: utf-8, semicolons between cells, its header on line 1

     column     becomes          since
  1  Vorname    firstName        its name is known
  2  Handy      phone, number 1  its name is known
  3  Telefon    phone, number 2  its name is known
  4  E-Mail     email            its name is known
  5  Kontakt    nothing          it holds emails, it seems
  6  Etiketten  tags             its name is known
  7  Notiz      nothing          nothing is known of it

Columns 2 “Handy”, 3 “Telefon” are both phone: of each row the first in this order that is not empty counts. Say with order if another one is to come first, and map those to null that are not wanted.
Column 5 “Kontakt” is not sent. It seems to hold e-mail addresses. Map it to a field or an attribute, or to null if it is not wanted.
Column 7 “Notiz” is not sent. Map it to a field or an attribute, or to null if it is not wanted.
Column 6 “Etiketten” at oblic-main: it is not sent, since no tags are taken there.

Of 3 rows:
  account      would get  repeated  for others  rejected
  oblic-main           2         0           0         1
  octopush-fr          1         1           0         1
  vobiz-in             1         1           0         1

  account      would lose
  oblic-main            1  values beside one of another column (column_merged)
  oblic-main            1  tags that are not kept there (tag_dropped)
  octopush-fr           1  values that the provider may ignore (best_effort)
  octopush-fr           1  values beside one of another column (column_merged)
  vobiz-in              1  values beside one of another column (column_merged)

Nothing was sent. --validate-only writes the rows that would be rejected into a file.
`)
  expect(code).toBe(1)
  expect(printed).not.toContain('Canary')
  for (const line of printed.split('\n').filter((line) => line.startsWith('  '))) expect(line.length).toBeLessThan(100)
})

test('a dry run sends nothing, writes nothing, and leaves no import', async () => {
  const before = await gateway.call('GET', '/imports')
  const { code } = await run('email,name,phone\na@example.com,Ann,+919876543210\n')
  expect(code).toBe(0)
  expect((await gateway.call('GET', '/imports')).body).toEqual(before.body)
  const { oblic, octopush, vobiz } = gateway.simulators
  for (const simulator of [oblic, octopush, vobiz]) expect(simulator.counts().total).toBe(0)
  expect(readdirSync(folder)).toEqual(['people.csv'])
})

test('a dry run of a file that an import refuses shows its columns, and why', async () => {
  const { code, printed } = await run('Name,Kontakt\nAnn,ann@example.com\n')
  expect(printed).toBe('')
  expect(code).toMatch(/2 {2}Kontakt {2}nothing {2}it holds emails, it seems\n\nNo column is email/)
  expect((await run('email\n')).code).toMatch(/422 .*no row beneath/)
})

test('a dry run takes a workbook, and a file that is longer than what is looked at', async () => {
  const workbook = workbookOf([
    ['Name', 'Email', 'Phone'],
    ['Ann', 'ann@example.com', '+919876543210'],
  ])
  expect((await run(workbook)).printed).toContain('people.csv: an Excel workbook, its header in row 1')
  const rows = Array.from({ length: 12_000 }, (_, n) => `p${n}@example.com,Ann,+91982${String(n).padStart(7, '0')}\n`)
  const { code, printed } = await run(`email,name,phone\n${rows.join('')}`)
  expect([code, printed]).toEqual([0, expect.stringContaining('Of 12000 rows:')])
})

test('what a terminal obeys is not printed of the name of a column', async () => {
  const { printed } = await run('email,name,phone,"a\u001b[31m\u202eb"\na@example.com,Ann,+919876543210,x\n')
  const row = printed.split('\n').find((line) => line.startsWith('  4'))
  expect(row).toMatch(/^ {2}4 {2}a \[31m b {2}nothing/)
})

test('the bar shows what was lost and skipped so far, and only where somebody sees it', async () => {
  const file = 'name,email,phone,tags\nA,a@example.com,+919820000001,x\nA,b@example.com,+919820000001,\n'
  const shown = await run(file, { isTTY: true, dryRun: false })
  expect(shown.printed).toMatch(/\r\[#{30}\] 100 % of 2 rows, \d+ lost, \d+ skipped/)
  expect((await run(file, { dryRun: false })).printed).not.toContain('\r')
})
