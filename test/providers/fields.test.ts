import { describe, expect, test } from 'vitest'
import type { Contact } from '../../src/domain/contact.ts'
import type { Warning } from '../../src/domain/outcome.ts'
import { checkFields, demandsOf, findRefusal } from '../../src/providers/check-fields.ts'
import { isDropped, isFixed, keepsAttribute, requires, takesField } from '../../src/providers/fields.ts'
import { registry } from '../../src/providers/registry.ts'
import { contact } from './adapter-cases.ts'

type ProviderId = 'oblic' | 'octopush' | 'vobiz'
const vobizSettings = { emailAttribute: 'email', csvImport: true, updateReplaces: false }
const settingsOf = { oblic: {}, octopush: { optOutFlag: 'none' }, vobiz: vobizSettings }
const targetOf = {
  oblic: { list: 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7' },
  octopush: { list: 'Newsletter', attributes: { title: 'param3' } },
  vobiz: { tag: 'newsletter' },
}

function rulesOf(id: ProviderId, settings: object = settingsOf[id], target: object | undefined = targetOf[id]) {
  const adapter = registry.get(id)
  if (adapter === undefined) throw new Error(`${id} is not registered`)
  return adapter.fields(settings as Record<string, unknown>, target as Record<string, unknown> | undefined)
}

/** Losses as `code pointer`, or the error in the same form. */
function verdict(id: ProviderId, one: Contact, settings?: object): string | string[] {
  const { warnings, error } = checkFields(rulesOf(id, settings), one, id)
  return error === undefined
    ? warnings.map(({ code, pointer }) => `${code} ${pointer}`)
    : `${error.code} ${error.pointer}`
}

const named = contact({ name: 'Jane Smith' })
const whole = contact({ ...named, email: 'jane@example.com', phone: '+33612345678' })

/** How a contact maps to each provider, and what is lost on the way. */
const table: [row: string, contact: Contact, Record<ProviderId, string | string[]>][] = [
  [
    'a lone name',
    contact({ ...whole, email: 'j@example.com' }),
    { oblic: [], octopush: ['name_not_split /name', 'best_effort /email'], vobiz: [] },
  ],
  [
    'first and last name',
    contact({ ...whole, name: undefined, firstName: 'Jane', lastName: 'Smith' }),
    { oblic: [], octopush: ['best_effort /email'], vobiz: [] },
  ],
  [
    'a name that its parts make up',
    contact({ ...whole, firstName: 'Jane', lastName: 'Smith' }),
    { oblic: [], octopush: ['best_effort /email'], vobiz: [] },
  ],
  [
    'a name beside other parts',
    contact({ ...whole, firstName: 'J.', lastName: 'Smith' }),
    {
      oblic: ['field_dropped /firstName', 'field_dropped /lastName'],
      octopush: ['field_dropped /name', 'best_effort /email'],
      vobiz: ['field_dropped /firstName', 'field_dropped /lastName'],
    },
  ],
  [
    'no name',
    contact({ ...whole, name: undefined }),
    { oblic: 'name_required /name', octopush: ['best_effort /email'], vobiz: 'name_required /name' },
  ],
  [
    'no e-mail',
    contact({ ...whole, email: undefined }),
    { oblic: 'email_required /email', octopush: ['name_not_split /name'], vobiz: [] },
  ],
  [
    'no phone',
    contact({ ...whole, phone: undefined }),
    { oblic: [], octopush: 'phone_required /phone', vobiz: 'phone_required /phone' },
  ],
  [
    'whatsapp beside the phone',
    contact({ ...whole, whatsapp: '+919876543210' }),
    {
      oblic: [],
      octopush: ['name_not_split /name', 'best_effort /email', 'field_dropped /whatsapp'],
      vobiz: ['field_dropped /whatsapp'],
    },
  ],
  [
    'whatsapp without a phone',
    contact({ ...whole, phone: undefined, whatsapp: '+919876543210' }),
    { oblic: [], octopush: 'phone_required /phone', vobiz: [] },
  ],
  [
    'tags',
    contact({ ...whole, tags: ['a', 't'.repeat(20)] }),
    {
      oblic: ['tag_dropped /tags/0', 'tag_dropped /tags/1'],
      octopush: ['name_not_split /name', 'best_effort /email', 'best_effort /tags'],
      vobiz: [],
    },
  ],
  [
    'a tag of 21 characters',
    contact({ ...whole, tags: ['a', 't'.repeat(21)] }),
    { oblic: ['tag_dropped /tags/0', 'tag_dropped /tags/1'], octopush: 'tag_too_long /tags/1', vobiz: [] },
  ],
  [
    'a tag of 20 characters outside of the first plane',
    contact({ ...whole, tags: ['𠮷'.repeat(20)] }),
    { oblic: ['tag_dropped /tags/0'], octopush: ['name_not_split /name', 'best_effort /email'], vobiz: [] },
  ],
  [
    'a tag of 21 of them',
    contact({ ...whole, tags: ['𠮷'.repeat(21)] }),
    { oblic: ['tag_dropped /tags/0'], octopush: 'tag_too_long /tags/0', vobiz: [] },
  ],
  [
    'a name of 255 of them',
    contact({ ...whole, name: '𠮷'.repeat(255) }),
    { oblic: [], octopush: ['name_not_split /name', 'best_effort /email'], vobiz: [] },
  ],
  [
    'a name of 256 of them',
    contact({ ...whole, name: '𠮷'.repeat(256) }),
    {
      oblic: 'value_too_long /name',
      octopush: ['name_not_split /name', 'best_effort /email'],
      vobiz: 'value_too_long /name',
    },
  ],
  [
    'attributes, one of them mapped at Octopush',
    contact({ ...whole, attributes: { title: 'Ms', city: 'Pune' } }),
    {
      oblic: ['attribute_dropped /attributes/title', 'attribute_dropped /attributes/city'],
      octopush: ['name_not_split /name', 'best_effort /email', 'attribute_dropped /attributes/city'],
      vobiz: [],
    },
  ],
  [
    'a joined name of 256 characters',
    contact({ ...whole, name: undefined, firstName: 'J'.repeat(128), lastName: 'S'.repeat(127) }),
    { oblic: 'value_too_long /firstName', octopush: ['best_effort /email'], vobiz: 'value_too_long /firstName' },
  ],
]

describe('what each provider requires and loses', () => {
  test.each(
    table.flatMap(([row, one, expected]) =>
      (Object.keys(expected) as ProviderId[]).map((id) => ({ row, id, one, expected: expected[id] })),
    ),
  )('$row at $id', ({ id, one, expected }) => {
    expect(verdict(id, one)).toStrictEqual(expected)
  })

  test('every error and every warning tells how it comes, naming the provider', () => {
    const errors = table.flatMap(([, one]) => checkFields(rulesOf('octopush'), one, 'Octopush').error ?? [])
    expect(errors.length).toBeGreaterThan(2)
    for (const error of errors) {
      expect(error.retriable).toBe(false)
      expect(error.detail).toMatch(/Octopush .*(Add it|Shorten it)/)
    }
  })
})

/** Is a caller told that the value was tidied on its way to the provider? */
function isToldOf(id: 'oblic' | 'octopush' | 'vobiz', pointer: string, one: Contact): boolean {
  const tidied: Warning = { code: 'value_normalized', pointer, detail: 'Tidied.' }
  return checkFields(rulesOf(id), one, id, [tidied]).warnings.includes(tidied)
}

test.each([
  ['/name', true, true, true],
  ['/email', true, true, true],
  ['/whatsapp', true, false, false],
  ['/tags/1', false, true, true],
  ['/attributes/title', false, true, true],
  ['/attributes/city', false, false, true],
])('the value at %s is sent: Oblic %s, Octopush %s, Vobiz %s', (pointer, ...sent) => {
  const one = contact({ ...whole, whatsapp: '+919876543210' })
  expect((['oblic', 'octopush', 'vobiz'] as const).map((id) => isToldOf(id, pointer, one))).toEqual(sent)
})

describe('rules that depend on the configuration', () => {
  test('an Octopush target without a map drops all attributes', () => {
    const rules = rulesOf('octopush', {}, { list: 'Newsletter' })
    const { warnings } = checkFields(rules, contact({ ...whole, attributes: { title: 'Ms' } }), 'Octopush')
    expect(warnings.at(-1)).toMatchObject({ code: 'attribute_dropped', pointer: '/attributes/title' })
  })

  test('a mapped attribute that the contact does not have is no loss, whatever its name', () => {
    const rules = rulesOf('octopush', {}, { list: 'Newsletter', attributes: { toString: 'param1' } })
    const short = { ...rules, attributes: { kind: 'mapped', as: { toString: 'param1' }, maxLength: 3 } } as const
    expect(checkFields(short, contact({ phone: '+33612345678' }), 'Octopush').error).toBeUndefined()
    const long = contact({ phone: '+33612345678', attributes: { toString: 'four' } as never })
    expect(checkFields(short, long, 'Octopush').error).toMatchObject({
      code: 'value_too_long',
      pointer: '/attributes/toString',
    })
  })

  test('Vobiz drops e-mails when it has no place for them', () => {
    expect(verdict('vobiz', whole, { ...vobizSettings, emailAttribute: null })).toStrictEqual(['field_dropped /email'])
  })

  const clash = (attribute: string | number | null, email?: string) =>
    verdict('vobiz', contact({ ...whole, email, attributes: { email: attribute } }))
  test.each([
    [
      'another text beside an e-mail',
      clash('other@example.com', 'jane@example.com'),
      ['attribute_dropped /attributes/email'],
    ],
    ['the same text as the e-mail', clash('jane@example.com', 'jane@example.com'), []],
    ['a text without an e-mail', clash('other@example.com'), ['attribute_dropped /attributes/email']],
    ['a number without an e-mail', clash(7), ['attribute_dropped /attributes/email']],
    ['null', clash(null), ['attribute_dropped /attributes/email']],
  ])("an attribute in the e-mail's place: %s", (_, losses, expected) => {
    expect(losses).toStrictEqual(expected)
  })

  test('an attribute email is like any other where the e-mail is kept elsewhere, or nowhere', () => {
    const one = contact({ ...named, phone: '+33612345678', attributes: { email: 'x' } })
    expect(verdict('vobiz', one, { ...vobizSettings, emailAttribute: 'mail' })).toStrictEqual([])
    expect(verdict('vobiz', one, { ...vobizSettings, emailAttribute: null })).toStrictEqual([])
  })
})

test.each<[ProviderId, 'email' | 'phone' | 'whatsapp', boolean]>([
  ['oblic', 'whatsapp', true],
  ['octopush', 'whatsapp', false],
  ['vobiz', 'whatsapp', false],
  ['vobiz', 'email', true],
])('%s takes %s of a contact that has all: %s', (id, field, taken) => {
  expect(takesField(rulesOf(id), field, contact({ ...whole, whatsapp: '+919876543210' }))).toBe(taken)
})

test('Vobiz takes the WhatsApp number of a contact without a phone', () => {
  expect(takesField(rulesOf('vobiz'), 'whatsapp', contact({ ...named, whatsapp: '+919876543210' }))).toBe(true)
})

test.each<[ProviderId, required: string[], fixed: string[], dropped: string[]]>([
  ['oblic', ['name', 'email'], [], ['tags', 'attributes']],
  ['octopush', ['phone'], ['phone'], ['whatsapp']],
  ['vobiz', ['name', 'phone'], ['phone'], []],
])('%s requires %j, cannot change %j and drops %j', (id, required, fixed, dropped) => {
  const rules = rulesOf(id)
  expect((['name', 'email', 'phone'] as const).filter((field) => requires(rules, field))).toEqual(required)
  expect((['email', 'phone'] as const).filter((field) => isFixed(rules, field))).toEqual(fixed)
  const fields = ['email', 'phone', 'whatsapp', 'tags', 'attributes'] as const
  expect(fields.filter((field) => isDropped(rules, field))).toEqual(dropped)
})

test('an attribute is kept where all are, unless its name is taken, or where it has a place', () => {
  const kept = (id: ProviderId) => ['title', 'email', 'toString'].filter((name) => keepsAttribute(rulesOf(id), name))
  expect({ oblic: kept('oblic'), octopush: kept('octopush'), vobiz: kept('vobiz') }).toEqual({
    oblic: [],
    octopush: ['title'],
    vobiz: ['title', 'toString'],
  })
})

describe('what a provider demands', () => {
  const { tags } = rulesOf('octopush')
  const rules = [
    ...(['oblic', 'octopush', 'vobiz'] as const).map((id) => rulesOf(id)),
    rulesOf('vobiz', { emailAttribute: null, csvImport: true }),
    rulesOf('octopush', { optOutFlag: 'none' }, { list: 'Newsletter' }),
    { ...rulesOf('octopush'), tags: { kind: 'sent', as: 'tags', maxLength: 5 } },
    { ...rulesOf('octopush'), attributes: { kind: 'mapped', as: { title: 'param3' }, maxLength: 3 } },
    { ...rulesOf('octopush'), attributes: { kind: 'mapped', as: { plan: 'param3' }, maxLength: 3 } },
    { ...rulesOf('oblic'), name: { form: 'one', as: 'name', required: true, maxLength: 5 } },
    { ...rulesOf('oblic'), tags },
  ] as const
  const contacts = [
    whole,
    contact({ ...whole, name: undefined }),
    contact({ ...whole, email: undefined }),
    contact({ ...whole, phone: undefined }),
    contact({ ...whole, phone: undefined, whatsapp: '+33612345678' }),
    contact({ ...whole, name: 'Jane' }),
    contact({ ...whole, tags: ['sixsix'] }),
    contact({ ...whole, tags: ['x'.repeat(21)] }),
    contact({ ...whole, attributes: { title: 'long' } }),
    contact({ ...whole, attributes: { plan: 'long' } }),
  ]

  test('is the same text for those who take the same contacts, and for no others', () => {
    const taken = (one: (typeof rules)[number]) =>
      contacts.map((each) => findRefusal(one, each, 'it') === undefined).join()
    for (const one of rules)
      for (const other of rules) expect(demandsOf(one) === demandsOf(other)).toBe(taken(one) === taken(other))
  })
})
