import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/domain/outcome.ts'
import { contactSource } from '../support/contact-source.ts'
import { isLongRun } from '../support/long-run.ts'
import { drawnStores } from '../support/shared-stores.ts'
import { accountOf, type Fleet, providers, type Replica, type Reply, startFleet } from '../support/start-fleet.ts'

/** Writes of one person at the same moment, each with a tag of its own: none may take away another's in silence. */
const crowds = isLongRun ? [2, 10, 100] : [2, 20]
/** What a file does to the tags of who is there: added to them, or put in their place. */
const merged = isLongRun ? crowds : [2, 20]
const rounds = [...merged.map((crowd) => [crowd, 'merged'] as const), [10, 'replaced'] as const]
const timeoutMs = 120_000

describe.each(drawnStores)('on %s', (_name, open) => {
  // `LONG_RUN=1`: in one process alone as well.
  describe.each(isLongRun ? [1, 3] : [3])('in %i processes', (replicas) => {
    let fleet: Fleet
    beforeAll(async () => {
      const closing: (() => Promise<void>)[] = []
      const store = await open((close) => closing.push(close))
      fleet = await startFleet({ ...store, replicas })
      closing.unshift(fleet.close)
      return async () => {
        for (const close of closing) await close()
      }
    })
    // Nobody is in two of the tests: the processes remember whom they have written.
    beforeEach(() => {
      for (const provider of providers) fleet.simulators[provider].reset()
    })

    test(
      'many adds of one existing person at once leave all tags there, or an outcome says which is not',
      async () => {
        fleet.simulators.vobiz.setBehaviour({ quirks: { writeDelayMs: 2 } })
        for (const [round, crowd] of crowds.entries()) {
          const phone = `+9198765432${10 + round}`
          const person = (tag: string) => ({ name: 'Jane', phone, tags: [tag] })
          const first = await add(fleet.nth(0), [person('before')])
          expect(first.map(({ status }) => status)).toEqual(['created'])
          const tags = tagsOf(crowd)
          const outcomes = await atOnce(tags, (tag, index) => add(fleet.nth(index), [person(tag)]))
          // The deadline is far: nobody has to give up.
          expect(outcomes.map(({ status }) => status)).toEqual(tags.map(() => 'updated'))
          expect(vobizTags(fleet, phone)).toEqual(expect.arrayContaining(['before', ...tags]))
        }
      },
      timeoutMs,
    )

    test(
      'many adds of one new person at once to all providers leave all tags at each, or an outcome says which is not',
      async () => {
        const contacts = contactSource()
        for (const crowd of crowds) {
          const [person] = contacts(1)
          const tags = tagsOf(crowd)
          const outcomes = await atOnce(tags, (tag, index) =>
            add(fleet.nth(index), [{ ...person, tags: [tag] }], 'newsletter'),
          )
          expect(outcomes).toHaveLength(crowd * providers.length)
          for (const provider of providers) {
            const own = outcomes.filter(({ account }) => account === accountOf[provider])
            const written = ['created', 'updated', 'accepted']
            expect(own.filter(({ status }) => !written.includes(status))).toEqual([])
            const kept = tags.filter((_, index) => !own[index]?.warnings.some(isOfTags))
            // Oblic has no tags, and each outcome says so.
            expect(kept).toHaveLength(provider === 'oblic' ? 0 : crowd)
            expect(tagsAt(fleet, provider, person?.phone)).toEqual(expect.arrayContaining(kept))
          }
        }
        expect(fleet.simulators.octopush.contacts()).toHaveLength(crowds.length)
        expect(fleet.simulators.vobiz.contacts()).toHaveLength(crowds.length)
      },
      timeoutMs,
    )

    test(
      'one person in adds, in batches and in a file that go at once has all tags, or an outcome says which may not be there',
      async () => {
        const { vobiz } = fleet.simulators
        const slowly = { match: { operation: ['search', 'update'] }, latencyMs: 15 }
        const others = contactSource(1_000)
        for (const [round, [crowd, importTags]] of rounds.entries()) {
          vobiz.setBehaviour({ quirks: { importTags }, rules: [slowly] })
          const phone = `+9198765432${50 + round}`
          const person = (tag: string) => ({ name: 'Jane', phone, tags: [tag] })
          // Enough for a file, and without e-mails, for which a file has no room.
          const batch = (tag: string) => [...others(30).map((other) => ({ ...other, email: undefined })), person(tag)]
          await add(fleet.nth(0), [person('before')])
          const singles = tagsOf(crowd)
          const [told, imported] = await Promise.all([
            atOnce([...singles, 'batch-0', 'batch-1'], async (tag, index) =>
              (await add(fleet.nth(index), index < crowd ? [person(tag)] : batch(tag))).slice(-1),
            ),
            importFile(fleet.nth(round), batch('file')),
          ])
          expect(told.filter(({ status }) => status !== 'updated' && status !== 'accepted')).toEqual([])
          // What files do to the tags of somebody who is there is not documented: all of them say so, and nobody else.
          const warned = told.map(({ warnings }) => warnings.some(({ code }) => code === 'tags_may_be_replaced'))
          expect(warned).toEqual([...singles.map(() => false), true, true])
          expect(imported.losses[accountOf.vobiz]).toEqual({ tags_may_be_replaced: 31 })
          const all = ['before', ...singles, 'batch-0', 'batch-1', 'file']
          if (importTags === 'merged') expect(vobizTags(fleet, phone)).toEqual(expect.arrayContaining(all))
        }
        const files = vobiz.requests().filter(({ operation }) => operation === 'import')
        expect(files).toHaveLength(3 * rounds.length)
      },
      timeoutMs,
    )
  })
})

const tagsOf = (crowd: number) => Array.from({ length: crowd }, (_, index) => `tag-${index}`)
const isOfTags = ({ pointer }: { pointer: string }) => pointer.includes('/tags')

async function atOnce(
  tags: readonly string[],
  work: (tag: string, index: number) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  return (await Promise.all(tags.map(work))).flat()
}

/**
 * The outcomes, contact by contact. Processes that were just started may send away whom they cannot serve at once, and say
 * when to come back.
 */
async function add(replica: Replica, contacts: readonly object[], list = 'whatsapp'): Promise<readonly Outcome[]> {
  for (;;) {
    const reply = await replica.add(contacts, { list })
    if (reply.status === 207) return outcomesOf(reply)
    if (reply.status !== 503 || reply.body.code !== 'overloaded') throw new Error(reply.text)
    await sleep(Number(reply.headers['retry-after']) * 1_000)
  }
}

const outcomesOf = ({ body }: Reply): readonly Outcome[] =>
  body.results.flatMap(({ outcomes }: { outcomes: readonly Outcome[] }) => outcomes)

/** Imports a file, and waits for its end: its events end then. */
async function importFile(replica: Replica, people: readonly object[]): Promise<Reply['body']> {
  const rows = people.map((person) => {
    const { name, phone, tags = [] } = person as { name: string; phone: string; tags?: readonly string[] }
    return `${name},${phone},${tags.join(';')}\r\n`
  })
  const parts = ['--b', 'content-disposition: form-data; name="file"; filename="people.csv"', '', '']
  const accepted = await replica.call('POST', '/lists/whatsapp/imports', {
    raw: `${parts.join('\r\n')}name,phone,tags\r\n${rows.join('')}\r\n--b--\r\n`,
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
  })
  if (accepted.status !== 202) throw new Error(accepted.text)
  await replica.call('GET', `/imports/${accepted.body.id}/events`)
  const { body } = await replica.call('GET', `/imports/${accepted.body.id}`)
  expect([body.status, body.rows]).toEqual(['completed', people.length])
  return body
}

function vobizTags(fleet: Fleet, phone: string): readonly string[] | undefined {
  return tagsAt(fleet, 'vobiz', phone)
}

function tagsAt({ simulators }: Fleet, provider: (typeof providers)[number], phone: string | undefined) {
  const held = simulators[provider].contacts() as readonly { phone_number?: string; tags?: readonly string[] }[]
  return held.find(({ phone_number }) => phone_number === phone)?.tags ?? []
}
