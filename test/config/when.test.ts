import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkConfig } from '../../src/config/check-config.ts'
import { compareConfigurations } from '../../src/config/compare-configurations.ts'
import { fencedBlocks } from '../support/read-markdown.ts'
import { changed, configOf, mistakesOf, validDocument } from './documents.ts'

const withWhen = (when: unknown) => changed((document) => (document.lists.plain.targets[0].when = when))
const here = 'lists.plain.targets[0].when'
const many = (length: number) => Array.from({ length }, (_, index) => `tag-${index}`)

test.each<[what: string, when: unknown]>([
  ['fields', { has: ['email', 'phone', 'whatsapp', 'name'] }],
  ['tags', { tags: { any: ['vip', 'beta'], all: ['a'], none: ['vip'] } }],
  ['attributes', { attributes: { plan: ['pro', '5', 'true'], city: ['Pune'] } }],
  ['countries, NO among them', { phone: { countries: ['FR', 'NO', 'RE'] }, whatsapp: { countries: { not: ['GB'] } } }],
  ['fifty values', { tags: { any: many(50) } }],
])('%s of a target are read as they are written', (_what, when) => {
  const [target] = configOf(withWhen(when)).lists.get('plain')?.targets ?? []
  expect(target).toEqual({ account: 'pear-in', target: { tag: 'plain' }, when })
})

test.each<[what: string, when: unknown, mistakes: readonly string[]]>([
  ['no condition', {}, [`${here} must be a mapping with one or more of has, tags,`]],
  [
    'nothing',
    null,
    [`${here} must be a mapping with one or more of has, tags, attributes, phone, whatsapp; it is empty`],
  ],
  ['a list of conditions', [{ has: ['email'] }], [`${here} must be a mapping`]],
  ['an expression', 'has email', [`${here} must be a mapping`]],
  [
    'an unknown condition',
    { hass: ['email'] },
    [`${here}.hass is not known; the keys here are has, tags, attributes,`],
  ],
  ['an unknown field', { has: ['email', 'ref'] }, [`${here}.has[1] must be one of email, phone, whatsapp, name`]],
  ['a field alone', { has: 'email' }, [`${here}.has must be a list of 1 to 50 of email, phone, whatsapp, name`]],
  ['no fields', { has: [] }, [`${here}.has must be a list of 1 to 50`]],
  ['no kind of tags', { tags: {} }, [`${here}.tags must be a mapping with one or more of any, all, none`]],
  [
    'an unknown kind of tags',
    { tags: { some: ['vip'] } },
    [`${here}.tags.some is not known; the keys here are any, all`],
  ],
  ['no tags', { tags: { any: [] } }, [`${here}.tags.any must be a list of 1 to 50 tags`]],
  ['fifty-one tags', { tags: { none: many(51) } }, [`${here}.tags.none must be a list of 1 to 50 tags`]],
  [
    'a number for a tag',
    { tags: { any: ['a', 5] } },
    [`${here}.tags.any[1] must be text of 1 to 64 characters; put it in`],
  ],
  ['a tag that is too long', { tags: { all: ['x'.repeat(65)] } }, [`${here}.tags.all[0] must be text of 1 to 64`]],
  [
    'a tag as no contact has it',
    { tags: { any: ['vip '] } },
    [`${here}.tags.any[0] has blanks or invisible characters`],
  ],
  [
    'a tag that must and must not be there',
    { tags: { all: ['a', 'b'], none: ['c', 'b'] } },
    [`${here}.tags.none[1] is in all`],
  ],
  [
    'the only one of any in none',
    { tags: { any: ['a'], none: ['x', 'a'] } },
    [`${here}.tags.none[1] leaves nothing of any`],
  ],
  [
    'all of any in none',
    { tags: { any: ['a', 'b'], none: ['b', 'a'] } },
    [`${here}.tags.none[0] leaves nothing of any`, `${here}.tags.none[1] leaves nothing of any`],
  ],
  ['no attributes', { attributes: {} }, [`${here}.attributes must be a mapping of 1 to 50 names of attributes`]],
  ['no values', { attributes: { plan: [] } }, [`${here}.attributes.plan must be a list of 1 to 50 texts`]],
  ['a value alone', { attributes: { plan: 'pro' } }, [`${here}.attributes.plan must be a list of 1 to 50 texts`]],
  ['a number for a value', { attributes: { plan: [5] } }, [`${here}.attributes.plan[0] must be text`]],
  [
    'a name that no attribute has',
    { attributes: { 'my-plan': ['pro'] } },
    [`${here}.attributes has a key that is not known`],
  ],
  ['no countries', { phone: { countries: [] } }, [`${here}.phone.countries must be a list of 1 to 50 countries`]],
  ['no list of countries', { phone: {} }, [`${here}.phone.countries is missing`]],
  [
    'a country alone',
    { phone: { countries: 'FR' } },
    [`${here}.phone.countries must be a list of countries, or a mapping`],
  ],
  [
    'none but no countries',
    { whatsapp: { countries: { not: [] } } },
    [`${here}.whatsapp.countries.not must be a list of 1 to`],
  ],
  [
    'unknown countries, each at its place',
    { phone: { countries: ['FR', 'XX', 'UK'] }, whatsapp: { countries: { not: ['AQ'] } } },
    [
      `${here}.phone.countries[1] is no country with phone numbers of its own; write its ISO 3166 code`,
      `${here}.phone.countries[2] is no country with phone numbers of its own; write its ISO 3166 code; the United Kingdom is GB`,
      `${here}.whatsapp.countries.not[0] is no country`,
    ],
  ],
  ['a country in small letters', { phone: { countries: ['fr'] } }, [`${here}.phone.countries[0] must be an ISO 3166`]],
  ['a calling code', { phone: { countries: [33] } }, [`${here}.phone.countries[0] must be an ISO 3166`]],
  [
    'a country in and out',
    { phone: { countries: { not: ['FR'], in: ['FR'] } } },
    [`${here}.phone.countries.in is not known; the keys here are not`],
  ],
  [
    'out among the ones in',
    { phone: { countries: ['FR', { not: ['FR'] }] } },
    [`${here}.phone.countries[1] must be an ISO`],
  ],
  [
    'an unknown key of phone',
    { phone: { country: ['FR'] } },
    [`${here}.phone.country is not known`, `${here}.phone.countries is missing`],
  ],
])('refuses %s, at its place', (_what, when, expected) => {
  const found = mistakesOf(withWhen(when))
  expect(found).toHaveLength(expected.length)
  expected.forEach((mistake, index) => {
    expect(found[index]?.slice(0, mistake.length)).toBe(mistake)
  })
})

test('refuses a "when" anywhere but at a target of a list', () => {
  const atList = changed((document) => (document.lists.plain.when = { has: ['email'] }))
  expect(mistakesOf(atList)).toEqual([expect.stringMatching(/^lists\.plain\.when is not known/)])
  const atAccount = changed((document) => (document.accounts['pear-in'].when = { has: ['email'] }))
  expect(mistakesOf(atAccount)).toEqual([expect.stringMatching(/^accounts\.pear-in\.when is not known/)])
})

test('a target that is for others than before is a change of its list', () => {
  const before = configOf(validDocument())
  const now = configOf(withWhen({ has: ['email'] }))
  expect(compareConfigurations(before, now).lists).toEqual({
    added: [],
    removed: [],
    changed: [{ id: 'plain', fields: ['targets'] }],
  })
})

test('the example of docs/routing.md starts, with the accounts of the example configuration', () => {
  const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  const [example] = fencedBlocks(read('docs/routing.md')).filter(({ language }) => language === 'yaml')
  const { lists } = parse(example?.text ?? '')
  const secrets = ['OBLIC_API_KEY', 'OCTOPUSH_API_LOGIN', 'OCTOPUSH_API_KEY', 'VOBIZ_AUTH_ID', 'VOBIZ_AUTH_TOKEN']
  const env = Object.fromEntries(secrets.map((name) => [name, `${name}-of-a-test-0123456789`]))
  const checked = checkConfig({ ...parse(read('docker/gateway.example.yaml')), lists }, env)
  expect('mistakes' in checked ? checked.mistakes : []).toEqual([])
})
