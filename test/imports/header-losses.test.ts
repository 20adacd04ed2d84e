import { expect, test } from 'vitest'
import { headerLosses } from '../../src/imports/columns/header-losses.ts'
import { matchHeader } from '../../src/imports/columns/match-header.ts'
import { targetAt } from '../support/targets.ts'

const list = [targetAt('oblic'), targetAt('octopush'), targetAt('vobiz')]

function told(...header: string[]): string[] {
  const match = matchHeader(header)
  if ('refusal' in match) throw new Error(match.refusal.detail)
  return headerLosses(match.columns, list).map(({ detail }) => detail)
}

test('a header tells which columns are not sent to which accounts, and why', () => {
  expect(told('Phone', 'Tags', 'attributes.city', 'Whatsapp', 'Name', 'First name', 'Last name')).toEqual([
    'Column 2 “Tags” at oblic: it is not sent, since no tags are taken there.',
    'Column 3 “attributes.city” at oblic: it is not sent, since no attributes are taken there.',
    "Column 3 “attributes.city” at octopush: it is not sent, unless the attribute is mapped in the list's target there.",
    'Column 4 “Whatsapp” at octopush: it is not sent, since there is no place for it.',
    'Column 4 “Whatsapp” at vobiz: it is sent only of rows that have no phone.',
    'Column 5 “Name” at octopush: it is not sent of rows whose name and parts of a name differ, since there is no place for both.',
    'Column 6 “First name” at oblic, vobiz: it is not sent of rows whose name and parts of a name differ, since there is no place for both.',
    'Column 7 “Last name” at oblic, vobiz: it is not sent of rows whose name and parts of a name differ, since there is no place for both.',
  ])
})

test('an attribute of the name under which a provider keeps a field is told of', () => {
  expect(told('phone', 'attributes.email').at(-1)).toBe(
    'Column 2 “attributes.email” at vobiz: it is not sent, since another field is kept under the name of the attribute there.',
  )
})

test('columns that are sent everywhere are not mentioned, and a WhatsApp number that stands in for the phone is sent', () => {
  expect(told('name', 'email', 'phone', 'Notes')).toEqual([])
  expect(told('name', 'email', 'whatsapp')).toEqual([
    'Column 3 “whatsapp” at octopush: it is not sent, since there is no place for it.',
  ])
})
