import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { htmlPage } from '../providers/adapter-cases.ts'
import { isLongRun } from '../support/long-run.ts'
import { type JsonAnswer, mutateAnswer } from '../support/mutate-answer.ts'
import { casesOf, mutationSeed } from '../support/mutated/run-cases.ts'
import { type Asked, type OddProvider, type Said, startOddProvider } from '../support/odd-provider.ts'
import { createRandom, type Random } from '../support/random.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * A provider whose every answer has another form than the documented one. Whatever it says, the gateway says nothing of
 * its contacts that is not so, and shows nothing of a person to who asked for another. With `LONG_RUN=1`, 30,000
 * cases; with those of writes and imports 100,000.
 */
const cases = casesOf(isLongRun ? 30_000 : 300)
const seed = mutationSeed

type Held = {
  readonly id: string
  readonly phone_number: string
  readonly name: string
  readonly tags: readonly string[]
  readonly custom_attributes: object
  readonly created_at: string
  readonly updated_at: string
}

let held: Map<string, Held>
let random: Random
let provider: OddProvider
let gateway: TestGateway
/** What was said last, for who has to look into a case. */
let said: unknown[]

beforeAll(async () => {
  provider = await startOddProvider(answer)
  gateway = await startGateway({
    accounts: {
      'vobiz-in': { baseUrl: provider.url, retries: 0, breaker: { failureRate: 1, minimumCalls: 100_000 } },
    },
  })
})
afterAll(async () => {
  await gateway.close()
  await provider.close()
})

function fill(count: number): Map<string, Held> {
  const time = '2026-03-01T10:00:00Z'
  const contacts = Array.from({ length: count }, (_, n): Held => {
    const id = `c-${n}x${random.int(1e6)}`
    const tags = n % 2 === 0 ? ['vip'] : ['vip', 'newsletter']
    return {
      id,
      phone_number: `+9198765432${10 + n}`,
      name: `Person ${n}`,
      tags,
      custom_attributes: { note: `note of ${n}` },
      created_at: time,
      updated_at: time,
    }
  })
  return new Map(contacts.map((contact) => [contact.id, contact]))
}

/** The provider as documented; then its answer is changed, or never comes from it at all. */
function answer(asked: Asked): Said {
  if (random.chance(0.1)) return remember({ status: random.pick([200, 404, 502]), body: htmlPage })
  const documented = answerAsDocumented(asked)
  if (asked.method === 'GET' && asked.path !== '/contacts' && held.size > 1 && random.chance(0.05))
    return remember({ status: 200, body: random.pick([...held.values()].filter(({ id }) => !asked.path.endsWith(id))) })
  return remember(mutateAnswer(documented, random))
}

function remember(one: Said): Said {
  said.push(one)
  return one
}

function answerAsDocumented({ method, path, query }: Asked): JsonAnswer {
  if (path === '/contacts') return pageOf(query)
  const key = decodeURIComponent(path.slice('/contacts/'.length))
  const contact = held.get(key)
  if (contact === undefined)
    return { status: 404, body: { status: 'error', error: { code: 'CONTACT_NOT_FOUND', message: 'No such contact' } } }
  if (method !== 'DELETE') return { status: 200, body: contact }
  held.delete(key)
  return { status: 204, body: undefined }
}

function pageOf(query: URLSearchParams): JsonAnswer {
  const [page, limit] = [Number(query.get('page')), Number(query.get('limit'))]
  const tag = query.get('tag')
  const found = [...held.values()].filter(({ tags }) => tag === null || tags.includes(tag))
  const items = found.slice((page - 1) * limit, page * limit)
  return { status: 200, body: { items, total: found.length, page, limit, has_more: page * limit < found.length } }
}

const at = (id: string) => `/contacts/${encodeURIComponent(`vobiz-in:${id}`)}`
const idOf = (item: { id: string }) => item.id.replace('vobiz-in:', '')
/** Names and notes of people other than this one that stand in a text. */
const othersIn = (text: string, id: string | undefined, people: ReadonlyMap<string, Held>) =>
  [...people.values()].filter(
    (person) =>
      person.id !== id && (text.includes(`"${person.name}"`) || text.includes(JSON.stringify(person.phone_number))),
  )

async function readOne(): Promise<void> {
  const people = new Map(held)
  const id = random.pick([...held.keys(), 'gone-1', 'gone-2'])
  const { status, body, text } = await gateway.call('GET', at(id))
  if (status === 200) expect([idOf(body), held.has(id)]).toEqual([id, true])
  if (status === 404) expect(held.has(id)).toBe(false)
  if (status === 200) expectTruth(body)
  expect(othersIn(text, id, people)).toEqual([])
}

/** What is shown of a contact is what is held of it; what is not shown is not said. */
function expectTruth(item: { id: string; name?: string; phone?: string; tags?: string[]; createdAt?: string }): void {
  const contact = held.get(idOf(item))
  expect(contact).toBeDefined()
  if (item.name !== undefined) expect(item.name).toBe(contact?.name)
  if (item.phone !== undefined) expect(item.phone).toBe(contact?.phone_number)
  if (item.createdAt !== undefined) expect(item.createdAt).toBe(contact?.created_at)
  for (const tag of item.tags ?? []) expect(contact?.tags).toContain(tag)
}

async function removeOne(): Promise<void> {
  const people = new Map(held)
  const id = random.pick([...held.keys(), 'gone-1', 'gone-2'])
  const { status, text } = await gateway.call('DELETE', at(id))
  if (status === 204 || status === 404) expect(held.has(id)).toBe(false)
  expect(othersIn(text, id, people)).toEqual([])
}

/** Walks a list to its end. When nothing is said to be missing, it held everybody, and only who belongs on it. */
async function walk(): Promise<void> {
  const tag = random.pick([undefined, 'vip', 'newsletter'])
  const query = `/contacts?account=vobiz-in&limit=${random.pick([1, 2, 3, 5])}${tag === undefined ? '' : `&tag=${tag}`}`
  const seen = new Set<string>()
  let isWhole = true
  let cursor = ''
  for (;;) {
    const page: Answer = await gateway.call('GET', query + cursor)
    if (page.status !== 200) return
    isWhole &&= page.body.warnings === undefined
    for (const item of page.body.items) {
      expectTruth(item)
      if (tag !== undefined && held.get(idOf(item))?.tags.includes(tag) !== true) throw new Error('not on this list')
      seen.add(idOf(item))
    }
    if (page.body.nextCursor === null) break
    cursor = `&cursor=${encodeURIComponent(page.body.nextCursor)}`
  }
  const expected = [...held.values()].filter(({ tags }) => tag === undefined || tags.includes(tag))
  if (isWhole) expect([...seen].sort()).toEqual(expected.map(({ id }) => id).sort())
}

describe('whatever form answers have', () => {
  test(`reads and deletions say nothing that is not so (MUTATION_SEED=${seed})`, { timeout: cases * 200 }, async () => {
    const seeds = createRandom(seed)
    for (let number = 0; number < cases; number++) {
      random = seeds.fork()
      said = []
      held = fill(random.int(8))
      const act = random.pick([readOne, removeOne, walk])
      await act().catch((error: unknown) => {
        throw new Error(`case ${number} of seed ${seed}, ${act.name}, answered ${JSON.stringify(said)}`, {
          cause: error,
        })
      })
    }
    for (const line of gateway.logged().split('\n'))
      expect(/Person \d|note of \d|\+9198765432\d/.test(line)).toBe(false)
  })
})
