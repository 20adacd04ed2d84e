import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { accountErasureStatuses, erasureStatuses } from '../../src/domain/erasure.ts'
import { outcomeErrorCodes, outcomeStatuses, warningCodes } from '../../src/domain/outcome.ts'
import { suppressionReasons } from '../../src/domain/suppression.ts'
import { importStatuses, skipReasons } from '../../src/services/import-store-port.ts'
import { personStatuses } from '../../src/services/people/search-people.ts'
import { wordsOf } from '../browser/console-words.ts'

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
  // Of a spelling, of a batch, and of what was only checked nothing is lost in an import.
  const never = ['value_normalized', 'duplicate_in_batch', 'validate_only', 'shown_as_sent', 'contacts_left_out']
  const losses = warningCodes.filter((code) => !never.includes(code) && code !== 'not_for_this_target')
  expect(missing(imports.losses, losses)).toEqual([])
})

test('French says why a row did not get in for what a person can do something about', async () => {
  const { imports } = await wordsOf('fr')
  const aboutRows = outcomeErrorCodes.filter((code) =>
    /_required$|^phone_(?!not_changeable)|^email_|^blacklisted|too_long$/.test(code),
  )
  expect(aboutRows.filter((code) => !Object.hasOwn(imports.codes, code))).toEqual([])
})

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
