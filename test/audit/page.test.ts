import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { auditActions } from '../../src/domain/audit-actions.ts'

test('docs/operate/audit.md has every action, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/operate/audit.md'), 'utf8')
  const [, table = ''] = /\| action \| when \|\n\|---\|---\|\n((?:\|.*\n)+)/.exec(page) ?? []
  const named = table.split('\n').flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)])
  expect(named.map(([, name]) => name).toSorted()).toEqual(auditActions.toSorted())
})
