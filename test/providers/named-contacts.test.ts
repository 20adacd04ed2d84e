import { expect, test } from 'vitest'
import { namedIn } from '../../src/providers/reading/named-contacts.ts'
import { contact } from './adapter-cases.ts'

const people = [
  contact({ email: 'a@example.com', phone: '+33612345678' }),
  contact({ email: 'B.c@example.com', whatsapp: '+919876543210' }),
  contact({ email: 'c@example.com.br' }),
]

test.each<[body: unknown, named: number[] | undefined]>([
  [{ message: 'Invalid: a@example.com' }, [0]],
  [{ errors: [{ cd: 'X', message: '<b.c@EXAMPLE.com> is bad.' }] }, [1]],
  [{ error: { details: { errors: [{ field: 'phone', value: '919876543210' }] } } }, [1]],
  [{ errors: { 'contacts.0.phone': ['+33 6 12 34 56 78 is not valid'] } }, [0]],
  [{ detail: ['a@example.com', 'c@example.com.br'] }, [0, 2]],
  [{ message: 'c@example.com is bad' }, undefined],
  [{ message: 'xa@example.com is bad' }, undefined],
  [{ message: 'a@example.com, b.c@example.com and c@example.com.br' }, undefined],
  [{ message: 'A contact is bad' }, undefined],
  [{ data: [{ email: 'a@example.com' }] }, undefined],
  ['a@example.com', undefined],
  [null, undefined],
  [undefined, undefined],
])('%j names %j', (body, named) => {
  expect(namedIn(body, people)).toEqual(named)
})

test('an address that two contacts share names nobody', () => {
  const twins = [contact({ email: 'a@example.com' }), contact({ email: 'A@example.com' }), contact({})]
  expect(namedIn({ message: 'a@example.com' }, twins)).toBeUndefined()
})

test('one contact alone may be named', () => {
  expect(namedIn({ message: 'a@example.com' }, people.slice(0, 1))).toEqual([0])
})
