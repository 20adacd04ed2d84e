import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { accountErasureStatuses, erasureStatuses } from '../../src/domain/erasure.ts'
import { outcomeErrorCodes, outcomeStatuses, warningCodes } from '../../src/domain/outcome.ts'
import { suppressionReasons } from '../../src/domain/suppression.ts'
import { problemKinds } from '../../src/http/problems/problems.ts'
import { importWarningCodes } from '../../src/imports/columns/column-target.ts'
import { workbookWarningCodes } from '../../src/imports/file/xlsx/read-xlsx.ts'
import { rowErrorCodes } from '../../src/imports/rows/read-row.ts'
import { importStatuses, skipReasons } from '../../src/services/import-store-port.ts'
import { personStatuses } from '../../src/services/people/search-people.ts'
import { type ConsoleWords, wordsOf } from '../browser/console-words.ts'

const languages = ['en', 'fr'] as const

test.each(languages)('every word that the API has for a state has one in %s', async (language) => {
  const { imports, people } = await wordsOf(language)
  const missing = (named: object, codes: readonly string[]) => codes.filter((code) => !Object.hasOwn(named, code))
  expect(missing(imports.statuses, importStatuses)).toEqual([])
  expect(missing(imports.outcomes, outcomeStatuses)).toEqual([])
  expect(missing(imports.skipReasons, skipReasons)).toEqual([])
  expect(missing(people.statuses, personStatuses)).toEqual([])
  expect(missing(people.reasons, suppressionReasons)).toEqual([])
  expect(missing(people.erasureStatuses, [...erasureStatuses, ...accountErasureStatuses])).toEqual([])
  expect(missing(imports.losses, warningCodes)).toEqual([])
})

test.each(languages)(
  'every code that the API tells of a request, a row or a file has words in %s',
  async (language) => {
    const { imports, failures } = await wordsOf(language)
    const missing = (named: object, codes: readonly string[]) => codes.filter((code) => !Object.hasOwn(named, code))
    expect(missing(failures.byCode, Object.keys(problemKinds))).toEqual([])
    expect(missing(imports.codes, [...outcomeErrorCodes, ...rowErrorCodes, 'no_target'])).toEqual([])
    const ofColumns = ['field_dropped', 'tag_dropped', 'attribute_dropped']
    expect(missing(imports.notes, [...importWarningCodes, ...workbookWarningCodes, ...ofColumns])).toEqual([])
    // Whatever else is told of a file stands in the code that reads it.
    const inWords = { ...imports.codes, ...imports.notes, ...imports.losses, ...failures.places }
    const told = codesIn('src/imports')
    expect(told).toContain('unknown_account')
    expect(told).toContain('wrong_encoding')
    expect(missing(inWords, told)).toEqual([])
  },
)

test('French texts say what English ones say: none is the same, and none is empty', async () => {
  const [en, fr] = [await wordsOf('en'), await wordsOf('fr')]
  const textsOf = ({ imports, failures, people }: ConsoleWords) => ({
    ...failures.places,
    ...imports.losses,
    ...people.statusHints,
    ...people.accountHints,
    ...Object.fromEntries(
      Object.entries(imports.codes as Record<string, { what: string; mend: string }>).map(([code, { what, mend }]) => [
        `row ${code}`,
        `${what} ${mend}`,
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(imports.notes as Record<string, (...parts: string[]) => string>).map(([code, note]) => [
        `note ${code}`,
        note('Column', 'account'),
      ]),
    ),
  })
  const french = textsOf(fr)
  const english = textsOf(en)
  expect(Object.keys(french).toSorted()).toEqual(Object.keys(english).toSorted())
  expect(Object.keys(french).filter((name) => french[name] === english[name] || french[name].trim() === '')).toEqual([])
})

/** The codes that stand in the sources below a folder, as they are written there. */
function codesIn(folder: string): string[] {
  const root = join(import.meta.dirname, '../..', folder)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const found = files.flatMap((name) =>
    [...readFileSync(join(root, name), 'utf8').matchAll(/(?:\bcode: |Refusal\(\s*)'([a-z]+(?:_[a-z]+)*)'/g)].map(
      ([, code = '']) => code,
    ),
  )
  return [...new Set(found)]
}

test('no text of the pages stands outside of the files of words', () => {
  const folder = join(import.meta.dirname, '../../src/console')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.js') && !name.startsWith('words'),
  )
  const spoken = files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/>\s*([A-Z][a-z]+(?: [a-z]+)+)[^<>$]*</g)].map(
      ([, text]) => `${name}: ${text}`,
    ),
  )
  expect(files.length).toBeGreaterThan(30)
  expect(spoken).toEqual([])
})
