import { inspect } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkConfig } from '../../src/config/check-config.ts'
import { formatMistakes } from '../../src/config/load.ts'
import { adapters, configOf, mistakesOf, noFile, planted, validDocument } from './documents.ts'

const secret = 'sk-live-0f9d8c7b6a55443322110'

type Step = string | number

/** The ways to every value of a document. */
function pathsOf(value: unknown, path: readonly Step[] = []): (readonly Step[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  const steps: Step[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return [path, ...steps.flatMap((step) => pathsOf((value as Record<Step, unknown>)[step], [...path, step]))]
}

function withValue(path: readonly Step[], value: unknown): unknown {
  if (path.length === 0) return value
  const document = validDocument()
  const last = path.at(-1) as Step
  let parent = document
  for (const step of path.slice(0, -1)) parent = parent[step]
  parent[last] = value
  return document
}

const everyPlace = pathsOf(validDocument()).map((path) => [path.join('/'), path] as const)

test.each(everyPlace)('a secret at the wrong place is in no message: %s', (_name, path) => {
  const section = path.length === 1 && ['accounts', 'lists', 'clients'].includes(String(path[0]))
  const wrong: unknown[] = [
    secret,
    [secret],
    `${secret} `,
    `\${${secret}}`,
    `\${${secret}`,
    Number.parseInt(secret.slice(8), 16),
  ]
  // The keys of the three sections are ids, which are places.
  if (!section && path.length > 0) wrong.push({ [secret]: null }, { [secret]: secret }, [{ [secret]: `\${X}` }])
  for (const value of wrong) {
    const text = mistakesOf(withValue(path, value)).join('\n')
    expect(text).not.toContain(secret.slice(0, 12))
    expect(text).not.toContain(String(wrong[5]))
    for (const known of Object.values(planted)) expect(text).not.toContain(known)
  }
})

test('a missing value is named by its variable, and the values that are there are not shown', () => {
  const text = mistakesOf(validDocument(), { PEAR_KEY: planted.PEAR_KEY }).join('\n')
  expect(text).toContain('APPLE_KEY')
  expect(text).not.toContain(planted.PEAR_KEY)
})

test('the configuration prints no secret, however it is printed', () => {
  const redisUrl = 'redis://user:planted-redis-password@redis:6379'
  const config = configOf(validDocument(), { ...planted, REDIS_URL: redisUrl })
  const texts = [
    JSON.stringify(config),
    JSON.stringify([...config.accounts.values()]),
    inspect(config, { depth: 20, showHidden: true }),
    `${config.redisUrl} ${[...config.accounts.values()].map(({ credentials }) => Object.values(credentials).join())}`,
  ]
  for (const text of texts) {
    expect(text).not.toContain('planted-')
    expect(text).not.toMatch(/planted/i)
  }
  expect(config.redisUrl?.reveal()).toBe(redisUrl)
})

test('a document of any form is answered, never thrown at', () => {
  const anyDocument = fc.oneof(
    fc.jsonValue(),
    fc.object({ key: fc.constantFrom('accounts', 'lists', 'clients', 'a', 'targets') }),
  )
  fc.assert(
    fc.property(anyDocument, (document) => {
      const result = checkConfig(document, {}, { adapters, readFile: noFile })
      if ('mistakes' in result)
        expect(formatMistakes(result.mistakes)).toMatch(/^The configuration has \d+ problems?:\n/)
    }),
  )
})

test('a valid document with any one value replaced is answered with mistakes at or beside that place', () => {
  const places = fc.constantFrom(...everyPlace.map(([, path]) => path).filter((path) => path.length > 1))
  fc.assert(
    fc.property(places, fc.jsonValue(), (path, value) => {
      for (const mistake of mistakesOf(withValue(path, value)))
        expect(mistake).toMatch(/^(server|limits|accounts|lists|clients)[.[]/)
    }),
  )
})
