import { expect, it } from 'vitest'
import { parseContact } from '../../src/domain/parse-contact.ts'
import { matchHeader } from '../../src/imports/columns/match-header.ts'
import { parseRow } from '../../src/imports/rows/parse-row.ts'
import { headerFixtures } from '../support/header-fixtures.ts'
import { readWhole } from './whole-file.ts'

it.each(headerFixtures())('a file %s is read as its contacts, without a mapping', async (_name, fixture) => {
  const { csv, options = {}, contacts, merged = {} } = fixture
  const { header, rows } = await readWhole([csv])
  const match = matchHeader(header, {}, rows)
  if ('refusal' in match) throw new Error(match.refusal.detail)
  const read = rows.map((row) => parseRow(row, match.columns, undefined, options.defaultCountry))
  expect(read.flatMap(({ error, contact }) => error ?? contact.error ?? [])).toEqual([])
  expect(read.map(({ contact }) => contact.contact)).toEqual(
    contacts.map((draft) => parseContact(draft, options.defaultCountry).contact),
  )
  const losses = read.flatMap(({ contact }) => contact.warnings.filter(({ code }) => code === 'column_merged'))
  const counts = Map.groupBy(losses, ({ pointer }) => pointer.slice(1))
  expect(Object.fromEntries([...counts].map(([field, some]) => [field, some.length]))).toEqual(merged)
})

it('there is a file of every program and language', () => {
  const names = headerFixtures().map(([name]) => name)
  const programs = ['google-contacts', 'google-contacts-old', 'outlook-english', 'outlook-german', 'outlook-french']
  const others = ['hubspot', 'mailchimp', 'brevo', 'klaviyo', 'salesforce-report', 'salesforce-data-export', 'zoho']
  const shops = ['shopify-customers', 'shopify-orders', 'woocommerce-customers', 'woocommerce-users']
  const more = ['stripe-customers', 'stripe-payments', 'whatsapp-group', 'whatsapp-webhooks']
  const western = ['english', 'french', 'german', 'spanish', 'italian', 'portuguese', 'dutch', 'polish', 'turkish']
  const languages = [...western, 'hindi', 'arabic', 'russian', 'japanese', 'chinese'].map((name) => `in-${name}`)
  expect(names).toEqual(expect.arrayContaining([...programs, ...others, ...shops, ...more, ...languages]))
})
