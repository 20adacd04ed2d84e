import { describe, expect, test } from 'vitest'
import type { ContactDraft } from '../../src/domain/contact.ts'
import { parseContact } from '../../src/domain/parse-contact.ts'
import { PeopleTable } from '../../src/imports/rows/people-table.ts'
import { SeenPeople } from '../../src/imports/rows/seen-people.ts'
import { hashTwice } from '../../src/services/delivery/hash-text.ts'
import { createRandom } from '../support/random.ts'
import { targetAt } from '../support/targets.ts'

const phone = '+33612345678'
const { contact: ana } = parseContact({ name: 'Ana', email: 'ana@example.com', phone: '+33612345678' })

function digestOf(person: string): Int32Array {
  const digest = new Int32Array([7, 11])
  hashTwice(person, digest)
  return digest
}

describe('a table of people', () => {
  test('tells for each group in which row a person came first, and whether the values differ, for tens of thousands', () => {
    const random = createRandom(7)
    const table = new PeopleTable()
    const first = new Map<string, { row: number; values: number }>()
    for (let row = 1; row <= 60_000; row++) {
      const person = `+33${600_000_000 + random.int(30_000)}`
      const [groups, values] = [1 + random.int(7), random.int(3)]
      const told = table.note(digestOf(person), row, values, groups) ?? []
      for (const bit of [1, 2, 4]) {
        if ((groups & bit) === 0) continue
        const known = first.get(`${person} ${bit}`)
        const earlier = told.find((one) => (one.groups & bit) !== 0)
        const expected = known && { row: known.row, differs: known.values !== values }
        expect(earlier && { row: earlier.row, differs: earlier.differs }).toEqual(expected)
        if (known === undefined) first.set(`${person} ${bit}`, { row, values })
      }
    }
  })

  test('keeps negative and large values of a hash apart', () => {
    const table = new PeopleTable()
    table.note(digestOf('a'), 1, -1, 1)
    expect(table.note(digestOf('a'), 2, -1, 255)).toEqual([{ row: 1, groups: 1, differs: false }])
    expect(table.note(digestOf('a'), 3, -2, 128)).toEqual([{ row: 2, groups: 128, differs: true }])
  })
})

describe('the accounts of a list', () => {
  test('that take the same contacts are told of the same row together', () => {
    const seen = new SeenPeople(
      [targetAt('oblic', 'one'), targetAt('octopush', 'two'), targetAt('oblic', 'three')],
      false,
    )
    expect(seen.repeatsOf(ana, undefined, 1)).toEqual([])
    expect(seen.repeatsOf(ana, undefined, 2)).toEqual([
      { of: 1, differs: false, accounts: ['one', 'three'] },
      { of: 1, differs: false, accounts: ['two'] },
    ])
  })

  test.each<[what: string, first: ContactDraft, second: ContactDraft, differs: boolean]>([
    [
      'the e-mail, where they are known by phone',
      { phone, email: 'a@b.example' },
      { phone, email: 'b@b.example' },
      true,
    ],
    ['having an e-mail', { phone, email: 'a@b.example' }, { phone }, true],
    ['the case of the e-mail alone', { phone, email: 'A@b.example' }, { phone, email: 'a@b.example' }, false],
    ['the phone, where they are known by e-mail', { email: 'a@b.example', phone }, { email: 'a@b.example' }, true],
    ['the field that holds the number', { phone }, { whatsapp: phone }, true],
    ['having the number twice', { phone, whatsapp: phone }, { whatsapp: phone }, true],
    ['nothing', { phone, whatsapp: phone }, { phone, whatsapp: phone }, false],
  ])('say of two rows that differ by %s what is so', (_what, first, second, differs) => {
    const seen = new SeenPeople([targetAt('oblic', 'mail'), targetAt('vobiz', 'phone')], false)
    expect(seen.repeatsOf(parseContact({ name: 'Ana', ...first }).contact, undefined, 1)).toEqual([])
    const told = seen.repeatsOf(parseContact({ name: 'Ana', ...second }).contact, undefined, 2)
    expect(told).not.toEqual([])
    for (const repeat of told) expect(repeat).toMatchObject({ of: 1, differs })
  })

  test('that demand more have their own first row', () => {
    const short = { name: { form: 'one', as: 'name', maxLength: 3 } } as const
    const seen = new SeenPeople([targetAt('oblic', 'any'), targetAt('oblic', 'short', short)], false)
    expect(seen.repeatsOf({ ...ana, name: 'Anastasia' }, undefined, 1)).toEqual([])
    expect(seen.repeatsOf(ana, undefined, 2)).toEqual([{ of: 1, differs: true, accounts: ['any'] }])
    expect(seen.repeatsOf(ana, undefined, 3)).toEqual([
      { of: 1, differs: true, accounts: ['any'] },
      { of: 2, differs: false, accounts: ['short'] },
    ])
  })

  test('with more kinds of demands than a table has bits for are told all the same', () => {
    const targets = Array.from({ length: 41 }, (_, n) =>
      targetAt('octopush', `account-${n}`, { tags: { kind: 'sent', as: 'tags', maxLength: n } }),
    )
    const seen = new SeenPeople(targets, false)
    expect(seen.isWide).toBe(true)
    expect(new SeenPeople(targets.slice(0, 32), false).isWide).toBe(false)
    const tagged = { ...ana, tags: ['x'.repeat(20)] }
    expect(seen.repeatsOf(tagged, undefined, 1)).toEqual([])
    const told = seen.repeatsOf(ana, undefined, 2).flatMap(({ accounts }) => accounts ?? [])
    expect(told).toEqual(targets.slice(20).map(({ account }) => account.id))
    expect(seen.repeatsOf(ana, undefined, 3).flatMap(({ accounts }) => accounts ?? [])).toHaveLength(41)
  })
})
