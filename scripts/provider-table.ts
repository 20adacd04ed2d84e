import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Default } from 'typebox/value'
import { replaceFile } from '../src/cli/replace-file.ts'
import type { AccountSettings, Adapter } from '../src/providers/adapter-port.ts'
import {
  type AttributesRule,
  type FieldRules,
  isFixed,
  type TagsRule,
  type WhatsappRule,
} from '../src/providers/fields.ts'
import { registry } from '../src/providers/registry.ts'
import { type Capability, canDo, capabilities } from '../src/services/catalog/capabilities.ts'
import { droppedFields, requiredFields } from '../src/services/catalog/describe-list.ts'

/**
 * Writes the README's table of providers, made from nothing but the adapters: `node scripts/provider-table.ts`. The test
 * of the same name fails when the README is not current.
 */
const readme = new URL('../README.md', import.meta.url)
const section = /(<!-- provider-table:start -->\n)[\s\S]*?(<!-- provider-table:end -->)/

/** A README with the current table between its markers. */
export function withProviderTable(text: string): string {
  return text.replace(
    section,
    (_, start: string, end: string) => `${start}\n${providerTable([...registry.values()])}\n${end}`,
  )
}

/** What each provider can do, requires and drops, as a Markdown table. */
export function providerTable(adapters: readonly Adapter[]): string {
  const rows = [
    ['', ...adapters.map(({ title }) => title)],
    ['---', ...adapters.map(() => '---')],
    ...capabilities.map((capability) => [names[capability], ...adapters.map((adapter) => cell(adapter, capability))]),
    ['required', ...adapters.map((adapter) => requiredFields(fieldsOf(adapter)).join(', ') || '–')],
    ...fieldRows.map(([name, describe]) => [name, ...adapters.map((adapter) => describe(fieldsOf(adapter)))]),
    ['dropped, with a warning', ...adapters.map((adapter) => droppedFields(fieldsOf(adapter)).join(', ') || '–')],
    ['`onConflict: skip`', ...adapters.map(({ honoursSkip }) => (honoursSkip ? 'yes' : 'cannot be asked for'))],
  ]
  return `${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`
}

const names: Readonly<Record<Capability, string>> = {
  addContactsToList: 'add contacts to a list',
  createContact: 'create a contact',
  listContacts: 'list contacts',
  getContact: 'read a contact',
  updateContact: 'change a contact',
  deleteContact: 'delete a contact',
  listContactsOfList: 'list who is on a list',
  removeContactFromList: 'take a contact off a list',
}

function cell(adapter: Adapter, capability: Capability): string {
  const canWithList = canDo({ adapter, defaultTarget: {} }, capability)
  if (!canDo({ adapter, defaultTarget: undefined }, capability)) return canWithList ? 'with a `defaultList`' : '–'
  if (capability === 'addContactsToList') return additions(adapter)
  const filters = adapter.operations.listContacts?.filters.filter((filter) => filter !== 'target') ?? []
  return capability === 'listContacts' && filters.length > 0 ? `by ${filters.join(', ')}` : 'yes'
}

function additions({ operations: { addContacts, importContacts } }: Adapter): string {
  if (addContacts !== undefined) return `${addContacts.maxContacts} in one call`
  if (importContacts === undefined) return 'one by one'
  return `one by one; from ${importContacts.minContacts ?? 1} on as a file of up to ${importContacts.maxContacts}`
}

const fieldRows: readonly (readonly [name: string, describe: (fields: FieldRules) => string])[] = [
  [
    'name',
    ({ name }) => (name.form === 'parts' ? `first and last apart; a lone name in \`${name.as}\`` : `\`${name.as}\``),
  ],
  ['email', (fields) => place(fields.email) + permanence(fields, 'email')],
  ['phone', (fields) => place(fields.phone) + permanence(fields, 'phone')],
  ['whatsapp', ({ whatsapp }) => place(whatsapp)],
  ['tags', ({ tags }) => placeOfTags(tags)],
  ['attributes', ({ attributes }) => placeOfAttributes(attributes)],
]

function place(rule: WhatsappRule): string {
  if (rule.kind === 'dropped') return '–'
  if (rule.kind === 'standsIn') return `stands in for a missing ${rule.for}`
  return `\`${rule.as}\`${rule.bestEffort === undefined ? '' : ', best effort'}`
}

function permanence(fields: FieldRules, field: 'email' | 'phone'): string {
  return isFixed(fields, field) ? ', cannot be changed' : ''
}

function placeOfTags(rule: TagsRule): string {
  if (rule.kind === 'dropped') return '–'
  const several = rule.severalBestEffort === undefined ? '' : '; several best effort'
  return `\`${rule.as}\`${limit(rule.maxLength)}${several}`
}

function placeOfAttributes(rule: AttributesRule): string {
  if (rule.kind === 'dropped') return '–'
  return rule.kind === 'mapped' ? 'those that the list target maps' : `\`${rule.as}\``
}

function limit(maxLength: number | undefined): string {
  return maxLength === undefined ? '' : `, at most ${maxLength} characters each`
}

/** With every setting as it is by default, and no list. */
function fieldsOf(adapter: Adapter): FieldRules {
  return adapter.fields(Default(adapter.settings, {}) as AccountSettings)
}

if (import.meta.main)
  await replaceFile(fileURLToPath(readme), [Buffer.from(withProviderTable(readFileSync(readme, 'utf8')))])
