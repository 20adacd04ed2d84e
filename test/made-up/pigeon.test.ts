import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importWhole } from '../support/import-calls.ts'
import { type Asked, type Said, startOddProvider } from '../support/odd-provider.ts'
import type { Answer } from '../support/start-gateway.ts'
import { pigeonCredentials } from './pigeon-simulator.ts'
import { type PigeonGateway, startPigeon } from './start-pigeon.ts'

let gateway: PigeonGateway
beforeAll(async () => {
  gateway = await startPigeon({ defaultList: 'welcome' })
})
afterAll(() => gateway.close())
/** Tokens, audiences and their ids are gone each time, as after a restart of the provider. */
beforeEach(() => gateway.pigeon.reset())

const person = (name: string, more: object = {}) => ({
  name,
  email: `${name.toLowerCase()}@example.com`,
  phone: '+33612345678',
  ...more,
})
const add = (contacts: readonly object[], query = '') =>
  gateway.call('POST', `/lists/birds/contacts${query}`, { body: { contacts } })
const operations = () => gateway.pigeon.requests().map(({ operation }) => operation)
/** Those that the provider took. */
const count = (operation: string) =>
  gateway.pigeon.requests().filter((one) => one.operation === operation && one.applied).length
const idOf = async (email: string) => {
  const { body } = await gateway.call('GET', '/contacts?account=pigeon&limit=100')
  return body.items.find((item: { email: string }) => item.email === email).id as string
}

describe('a provider with tokens, audiences by id and errors per item', () => {
  test('takes contacts, and tells of each', async () => {
    await add([person('Ada')])
    const { status, body } = await add([
      person('Ada', { name: 'Ada L' }),
      person('Bob'),
      person('Cy', { email: 'cy@refused.example' }),
    ])
    expect(status).toBe(207)
    expect(body.results.map(({ outcomes: [outcome] }: { outcomes: { status: string }[] }) => outcome?.status)).toEqual([
      'updated',
      'created',
      'rejected',
    ])
    const { error } = body.results[2].outcomes[0]
    expect(error).toMatchObject({ code: 'rejected_by_provider', provider: { message: 'This address takes no mail' } })
    expect(gateway.pigeon.contacts().map(({ full_name: name }) => name)).toEqual(['Ada L', 'Bob'])
  })

  test('is known by e-mail address: the same address twice in a batch is one person', async () => {
    const { body } = await add([person('Ada'), person('Ada', { phone: '+33612345679' })])
    expect(body.results.map(({ outcomes: [outcome] }: { outcomes: { status: string }[] }) => outcome?.status)).toEqual([
      'created',
      'skipped',
    ])
    expect(gateway.pigeon.contacts()).toHaveLength(1)
  })

  test('a contact alone goes to the default list of the account, which is made for it', async () => {
    const { status, body } = await gateway.call('POST', '/contacts?account=pigeon', { body: person('Dee') })
    expect([status, body.status]).toEqual([201, 'created'])
    expect(count('audience')).toBe(1)
  })

  test('an audience that is gone is made again, and its new id is used', async () => {
    await add([person('Ada')])
    gateway.pigeon.reset()
    const { body } = await add([person('Ada')])
    expect(body.results[0].outcomes[0].status).toBe('created')
    expect(operations()).toEqual(['add', 'token', 'add', 'audience', 'add'])
  })

  test('a contact is read, patched, taken off its list and deleted by its key', async () => {
    await add([person('Ada'), person('Bob')])
    const id = await idOf('ada@example.com')
    const patched = await gateway.call('PATCH', `/contacts/${id}`, { body: { name: 'Countess' } })
    expect([patched.status, patched.body.name]).toEqual([200, 'Countess'])
    const sent = gateway.pigeon.requests().find(({ operation }) => operation === 'patch')
    expect(sent?.headers['content-type']).toBe('application/merge-patch+json')
    expect((await gateway.call('DELETE', `/lists/birds/contacts/${id}`)).status).toBe(204)
    const { body: left } = await gateway.call('GET', '/lists/birds/contacts')
    expect(left.items.map(({ email }: { email: string }) => email)).toEqual(['bob@example.com'])
    expect((await gateway.call('GET', `/contacts/${id}`)).body.email).toBe('ada@example.com')
    expect((await gateway.call('DELETE', `/contacts/${id}`)).status).toBe(204)
    expect((await gateway.call('GET', `/contacts/${id}`)).status).toBe(404)
  })
})

describe('its pages', () => {
  const walk = async (path: string) => {
    const pages: string[][] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body }: Answer = await gateway.call('GET', `${path}&limit=2${cursor && `&cursor=${cursor}`}`)
      expect(status).toBe(200)
      pages.push(body.items.map(({ email }: { email: string }) => email[0]))
      cursor = body.nextCursor
    }
    return pages
  }

  test('follow each other by its own cursors, to the end', async () => {
    await add(['Ada', 'Bob', 'Cy', 'Dee', 'Eve'].map((name) => person(name)))
    expect(await walk('/contacts?account=pigeon')).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    expect(await walk('/lists/birds/contacts?account=pigeon')).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  })

  test('a cursor that the provider takes no more is an invalid one, and no end of the list', async () => {
    await add(['Ada', 'Bob', 'Cy'].map((name) => person(name)))
    const { body } = await gateway.call('GET', '/contacts?account=pigeon&limit=2')
    gateway.pigeon.reset()
    const next = await gateway.call('GET', `/contacts?account=pigeon&limit=2&cursor=${body.nextCursor}`)
    expect([next.status, next.body.code]).toEqual([400, 'invalid-cursor'])
  })
})

describe('a page of it that is too large', () => {
  const member = (number: number) => ({
    member: `mb_${number}`,
    email: `bird${number}@example.com`,
    full_name: 'x'.repeat(1_000_000),
    mobile: null,
  })
  /** Twenty-one members, whose cursors are the last one before. */
  const listed = ({ query }: Asked): Said => {
    const start = Number(query.get('after') ?? -1) + 1
    const end = Math.min(21, start + Number(query.get('size')))
    const members = Array.from({ length: end - start }, (_, index) => member(start + index))
    return { body: { members, after: end < 21 ? String(end - 1) : null } }
  }

  test('is asked for in smaller ones, cursor by cursor, and comes whole and in order', async () => {
    const provider = await startOddProvider((asked) =>
      asked.path === '/oauth/token' ? { body: { access_token: 'token', expires_in: 900 } } : listed(asked),
    )
    const large = await startPigeon({ baseUrl: provider.url })
    try {
      const read = async (cursor = '') => {
        const { status, body } = await large.call('GET', `/contacts?account=pigeon&limit=12${cursor}`)
        expect(status).toBe(200)
        return { ids: body.items.map(({ id }: { id: string }) => id), next: body.nextCursor }
      }
      const ids = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, index) => `pigeon:mb_${from + index}`)
      const first = await read()
      const second = await read(`&cursor=${encodeURIComponent(first.next)}`)
      expect([first.ids, second]).toEqual([ids(0, 12), { ids: ids(12, 21), next: null }])
      const pages = provider.asked().filter(({ path }) => path === '/members')
      expect(pages.map(({ query }) => [query.get('size'), query.get('after')].join(' after '))).toEqual([
        '12 after ',
        '6 after ',
        '6 after 5',
        '12 after 11',
        '6 after 11',
        '6 after 17',
      ])
    } finally {
      await large.close()
      await provider.close()
    }
  })
})

describe('its token', () => {
  test('is asked for once for many calls at the same time, and renewed once when it is refused', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, number) => add([person(`Bird${number}`)])))
    expect(gateway.pigeon.contacts()).toHaveLength(12)
    gateway.pigeon.revokeTokens()
    const before = count('token')
    const answers = await Promise.all(Array.from({ length: 12 }, (_, number) => add([person(`Crow${number}`)])))
    for (const { body } of answers) expect(body.results[0].outcomes[0].status).toBe('created')
    expect(count('token') - before).toBe(1)
  })

  test('ends every second, and no call fails for it', async () => {
    gateway.pigeon.setTokenSeconds(1)
    const until = performance.now() + 2_500
    const told: string[] = []
    for (let number = 0; performance.now() < until; number++) {
      const { body } = await add([person(`Owl${number}`)])
      told.push(body.results[0].outcomes[0].status)
    }
    gateway.pigeon.setTokenSeconds(900)
    expect(new Set(told)).toEqual(new Set(['created']))
    expect(count('token')).toBeGreaterThanOrEqual(3)
    expect(count('token')).toBeLessThan(told.length)
  })

  test('and its credentials are in no log', async () => {
    gateway.pigeon.revokeTokens()
    await add([person('Ada')])
    for (const secret of ['pigeon-token-', pigeonCredentials.clientSecret, pigeonCredentials.clientId])
      expect(gateway.logged()).not.toContain(secret)
  })
})

test('a file is imported to the last row, and the report names who was refused', async () => {
  const rows = Array.from({ length: 1_200 }, (_, number) => `Bird ${number},bird${number}@example.com`)
  const csv = ['name,email', ...rows, 'Cy,cy@refused.example'].join('\n')
  const done = await importWhole(gateway, { list: 'birds', csv })
  expect(done.progress.pigeon).toMatchObject({ created: 1_200, rejected: 1 })
  const { body } = await gateway.call('GET', `/imports/${done.id}/errors`)
  expect(body.items).toMatchObject([{ row: 1_201, status: 'rejected', code: 'rejected_by_provider' }])
  expect(gateway.pigeon.contacts()).toHaveLength(1_200)
  expect(count('audience')).toBeLessThanOrEqual(1)
})
