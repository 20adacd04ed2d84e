import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sampleOblicList } from '../../src/simulators/oblic.ts'
import { sharedRedisUrl } from '../support/redis.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/** Which targets of a list a contact goes to: docs/routing.md. */
const mailOnes = { has: ['email'] }
const frenchOnes = { phone: { countries: ['FR', 'RE'] } }
const vipOnes = { tags: { any: ['vip'], none: ['test'] }, attributes: { plan: ['pro', '5'] } }
type Whens = readonly [mail: unknown, french: unknown, vip: unknown]
const usual: Whens = [mailOnes, frenchOnes, vipOnes]

function routed([mail, french, vip]: Whens = usual) {
  return {
    targets: [
      { account: 'oblic-main', list: sampleOblicList, ...(mail !== undefined && { when: mail }) },
      { account: 'octopush-fr', list: 'routed', ...(french !== undefined && { when: french }) },
      { account: 'vobiz-in', tag: 'routed', ...(vip !== undefined && { when: vip }) },
    ],
  }
}

const ana = { name: 'Ana', email: 'ana@example.com', phone: '+33612345678' }
const ben = { name: 'Ben', email: 'ben@example.com' }
const cleo = { name: 'Cleo', phone: '+919876543210', tags: ['vip'], attributes: { plan: 'pro' } }
const dev = { name: 'Dev', phone: '+919876543211', tags: ['vip', 'test'], attributes: { plan: 'pro' } }

const path = '/lists/routed/contacts'
const statesOf = ({ body: { results } }: Answer): string[][] =>
  results.map(({ outcomes }: { outcomes: { status: string }[] }) => outcomes.map(({ status }) => status))
const codesOf = (warnings: readonly { code: string }[] | undefined) => warnings?.map(({ code }) => code)
const warningsAt = (answer: Answer, contact: number, target: number) =>
  codesOf(answer.body.results[contact].outcomes[target].warnings)

describe('a list whose targets are for some contacts', () => {
  let gateway: TestGateway
  beforeAll(async () => {
    const mail = {
      targets: [
        { account: 'oblic-main', list: sampleOblicList },
        { account: 'vobiz-in', tag: 'x', when: { has: ['phone'] } },
      ],
    }
    gateway = await startGateway({ lists: { routed: routed(), mail } })
  })
  beforeEach(() => {
    for (const simulator of simulators()) simulator.reset()
  })
  afterAll(() => gateway.close())
  const simulators = () => {
    const { oblic, octopush, vobiz } = gateway.simulators
    return [oblic, octopush, vobiz]
  }
  const totals = () => simulators().map((simulator) => simulator.contacts().length)
  const add = (contacts: readonly unknown[], headers: Record<string, string> = {}, query = '') =>
    gateway.call('POST', path + query, { body: { contacts }, headers })

  test('sends each contact where it is for, tells of the others, and the counts add up', async () => {
    const answer = await add([ana, ben, cleo, dev])
    expect(answer.status).toBe(207)
    expect(statesOf(answer)).toEqual([
      ['accepted', 'created', 'skipped'],
      ['accepted', 'skipped', 'skipped'],
      ['skipped', 'skipped', 'created'],
      ['skipped', 'skipped', 'skipped'],
    ])
    expect(answer.body.results[1].outcomes[1]).toEqual({
      account: 'octopush-fr',
      provider: 'octopush',
      status: 'skipped',
      warnings: [
        {
          code: 'not_for_this_target',
          pointer: '#/contacts/1',
          detail: expect.stringContaining('GET /lists/{listId}'),
        },
      ],
    })
    expect(answer.body.summary).toEqual({ contacts: 4, outcomes: { accepted: 2, created: 2, skipped: 8 } })
    expect(answer.headers.get('x-items-failed')).toBe('0')
    expect(totals()).toEqual([2, 1, 1])
  })

  test('tells of a contact that no target is for, and of no other', async () => {
    const { body } = await add([ana, dev])
    expect(body.results[0]).not.toHaveProperty('warnings')
    expect(body.results[1].warnings).toEqual([
      { code: 'no_target', pointer: '#/contacts/1', detail: expect.stringContaining('sent nowhere') },
    ])
  })

  test('an attribute that is a number is compared as text', async () => {
    const answer = await add([
      { ...cleo, attributes: { plan: 5 } },
      { ...cleo, phone: '+919876543219', attributes: { plan: null } },
    ])
    expect(statesOf(answer).map((states) => states[2])).toEqual(['created', 'skipped'])
  })

  test('rejects an invalid contact at every account, also where it would not go', async () => {
    const answer = await add([{ ...ben, phone: '12' }])
    expect(statesOf(answer)).toEqual([['rejected', 'rejected', 'rejected']])
    expect(answer.body.results[0]).not.toHaveProperty('warnings')
  })

  test('asks whom the target is for before what its account requires', async () => {
    const nameless = { phone: '+919876543212' }
    const answer = await add([nameless, { ...nameless, tags: ['vip'], attributes: { plan: 'pro' } }])
    expect(statesOf(answer).map((states) => states[2])).toEqual(['skipped', 'rejected'])
    expect(answer.body.results[1].outcomes[2].error.code).toBe('name_required')
  })

  test('a contact that the target is not for does not make the next one a duplicate there', async () => {
    const poorer = { name: 'Cleo', phone: cleo.phone, email: 'cleo@example.com' }
    const answer = await add([poorer, cleo, cleo])
    expect(statesOf(answer).map((states) => states[2])).toEqual(['skipped', 'created', 'skipped'])
    expect(warningsAt(answer, 0, 2)).toEqual(['not_for_this_target'])
    expect(warningsAt(answer, 2, 2)).toContain('duplicate_in_batch')
  })

  test('handling=strict passes over targets that are for others, and refuses a contact that has none', async () => {
    const strict = { prefer: 'handling=strict' }
    const body = { contacts: [ben] }
    const passed = await gateway.call('POST', '/lists/mail/contacts', { body, headers: strict })
    expect(statesOf(passed)).toEqual([['accepted', 'skipped']])
    const refused = await add([{ name: 'Eve', whatsapp: '+33612345679' }], strict)
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({
      code: 'loss-not-accepted',
      errors: [{ pointer: '#/contacts/0', code: 'no_target', detail: expect.any(String) }],
    })
    expect(totals()).toEqual([1, 0, 0])
  })

  test('return=minimal passes over targets that are for others, and shows a contact that has none', async () => {
    const answer = await add([ben, dev], { prefer: 'return=minimal' })
    expect(answer.body.results.map(({ index }: { index: number }) => index)).toEqual([1])
    expect(codesOf(answer.body.results[0].warnings)).toEqual(['no_target'])
    expect(answer.body.summary.contacts).toBe(2)
  })

  test('validateOnly shows where contacts would go, and sends nothing', async () => {
    const answer = await add([ana, cleo, dev], {}, '?validateOnly=true')
    expect(warningsAt(answer, 0, 0)).toContain('validate_only')
    expect(warningsAt(answer, 1, 0)).toEqual(['not_for_this_target'])
    expect(codesOf(answer.body.results[2].warnings)).toEqual(['no_target'])
    const sent = answer.body.preview.map(({ account, requests }: { account: string; requests: unknown[] }) => [
      account,
      JSON.stringify(requests).match(/Ana|Cleo|Dev/g),
    ])
    expect(sent).toEqual([
      ['oblic-main', ['Ana']],
      ['octopush-fr', ['Ana']],
      ['vobiz-in', ['Cleo']],
    ])
    expect(totals()).toEqual([0, 0, 0])
  })

  test('GET /lists and GET /lists/{listId} show whom each target is for, and nothing where it is for all', async () => {
    const { body } = await gateway.call('GET', '/lists/routed')
    expect(body.targets.map(({ when }: { when: unknown }) => when)).toEqual(usual)
    const { items } = (await gateway.call('GET', '/lists')).body
    expect(items.find(({ id }: { id: string }) => id === 'routed')).toEqual(body)
    const { targets } = items.find(({ id }: { id: string }) => id === 'newsletter')
    for (const target of targets) expect(target).not.toHaveProperty('when')
  })

  test('countries are shown as they are written, those that are left out too', async () => {
    gateway.changeLists({ routed: routed([{ whatsapp: { countries: { not: ['GB'] } } }, frenchOnes, vipOnes]) })
    const { body } = await gateway.call('GET', '/lists/routed')
    expect(body.targets[0].when).toEqual({ whatsapp: { countries: { not: ['GB'] } } })
    gateway.changeLists({ routed: routed() })
  })

  test('a single contact is not asked: it goes to the account that it is for', async () => {
    const answer = await gateway.call('POST', '/contacts?account=vobiz-in', {
      body: { name: 'Fay', phone: '+919876543213' },
    })
    expect(answer.status).toBe(201)
  })

  test('counts the contacts that were asked, by list, account and whether they were taken', async () => {
    const own = await startGateway({ lists: { routed: routed([mailOnes, undefined, vipOnes]) } })
    const send = (contacts: readonly unknown[], query = '') => own.call('POST', path + query, { body: { contacts } })
    await send([ana, ben, cleo, { ...ben, phone: '12' }])
    await send([ana], '?validateOnly=true')
    await own.call('POST', '/lists/newsletter/contacts', { body: { contacts: [ana] } })
    const { text } = await own.call('GET', '/metrics', { key: null })
    const lines = text.split('\n').filter((line) => line.startsWith('contact_gateway_routed_contacts_total'))
    expect(lines.map((line) => line.slice(line.indexOf('{')))).toEqual([
      '{list="routed",account="oblic-main",taken="yes"} 2',
      '{list="routed",account="oblic-main",taken="no"} 1',
      '{list="routed",account="vobiz-in",taken="yes"} 1',
      '{list="routed",account="vobiz-in",taken="no"} 2',
    ])
    await own.close()
  })
})

const stores: [name: string, env: () => Record<string, string>][] = [
  ['SQLite', () => ({})],
  ['Redis', () => ({ REDIS_URL: sharedRedisUrl() })],
]

describe.each(stores)('with %s, a repeat after the configuration changed', (_name, env) => {
  let gateway: TestGateway
  let key: string
  let serial = 0
  beforeEach(async () => {
    gateway = await startGateway({ lists: { routed: routed() }, env: env() })
    key = `routing-${process.pid}-${Date.now()}-${serial++}`
  })
  afterEach(() => gateway.close())
  const add = (contacts: readonly unknown[]) =>
    gateway.call('POST', path, { body: { contacts }, headers: { 'idempotency-key': key } })
  const refusing = { status: 429, match: { path: '/contact/create' } }

  test('tries again where the target was for the contact then, and nowhere else', async () => {
    const { oblic, octopush, vobiz } = gateway.simulators
    octopush.setBehaviour(refusing)
    const first = await add([ana, ben, cleo])
    expect(statesOf(first)).toEqual([
      ['accepted', 'failed', 'skipped'],
      ['accepted', 'skipped', 'skipped'],
      ['skipped', 'skipped', 'created'],
    ])
    octopush.setBehaviour({})
    gateway.changeLists({ routed: routed([undefined, { has: ['whatsapp'] }, { has: ['email'] }]) })
    const second = await add([ana, ben, cleo])
    expect(second.headers.get('idempotency-replayed')).toBe('resumed')
    expect(statesOf(second)).toEqual([
      ['accepted', 'created', 'skipped'],
      ['accepted', 'skipped', 'skipped'],
      ['skipped', 'skipped', 'created'],
    ])
    expect([oblic, octopush, vobiz].map((simulator) => simulator.contacts().length)).toEqual([2, 1, 1])
    const third = await add([ana, ben, cleo])
    expect([third.headers.get('idempotency-replayed'), third.text]).toEqual(['true', second.text])
  })

  test('sends nothing to a target that is new since then', async () => {
    const { octopush, vobiz } = gateway.simulators
    const [mail, french] = routed().targets
    gateway.changeLists({ routed: { targets: [mail, french] } })
    octopush.setBehaviour(refusing)
    expect(statesOf(await add([ana]))).toEqual([['accepted', 'failed']])
    octopush.setBehaviour({})
    gateway.changeLists({ routed: routed([mailOnes, frenchOnes, { has: ['phone'] }]) })
    const second = await add([ana])
    expect(statesOf(second)).toEqual([['accepted', 'created', 'skipped']])
    expect(second.body.results[0].outcomes[2].warnings).toEqual([
      { code: 'not_for_this_target', pointer: '#/contacts/0', detail: expect.stringContaining('first tried') },
    ])
    expect(vobiz.contacts()).toEqual([])
  })

  test('an answer of contacts that no target was for is not stored: they go by the configuration of the repeat', async () => {
    const first = await add([dev])
    expect(codesOf(first.body.results[0].warnings)).toEqual(['no_target'])
    gateway.changeLists({ routed: routed([mailOnes, frenchOnes, { has: ['phone'] }]) })
    expect(statesOf(await add([dev]))).toEqual([['skipped', 'skipped', 'created']])
  })
})
