import { stringify } from 'csv-stringify/sync'
import { expect, test } from 'vitest'
import { fixtures } from '../fixtures/make.ts'
import { importWhole, parseEvents, untilDone, upload } from '../support/import-calls.ts'
import { isLongRun } from '../support/long-run.ts'
import { createRandom } from '../support/random.ts'
import { warningsOf } from '../support/warnings-of.ts'
import { withImportStores } from '../support/with-import-stores.ts'

type Person = Readonly<Record<string, unknown>> & {
  readonly tags?: readonly string[]
  readonly attributes?: Readonly<Record<string, string>>
}

const columns = ['name', 'firstName', 'lastName', 'email', 'phone', 'whatsapp'] as const
/** Several blocks of a file, and many batches of JSON. */
const rows = isLongRun ? 10_000 : 2_500
const attributes = ['title', 'city', 'email'] as const

/** People with all that an account may have no place for, each of whom is somebody else. */
function people(count: number, seed: number): Person[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, n) => {
    const phone = `+9198${20_000_000 + n}`
    const own: [string, unknown][] = [
      ['name', random.pick([undefined, 'Jane Smith', 'Jane', 'Asha'])],
      ['firstName', random.pick([undefined, 'Jane'])],
      ['lastName', random.pick([undefined, 'Smith'])],
      ['email', random.chance(0.9) ? `person-${n}@example.com` : undefined],
      // Some are written in a way that is tidied, and some are nobody's.
      ['phone', random.pick([phone, phone, `00${phone.slice(1)}`, '12'])],
      ['whatsapp', random.chance(0.3) ? phone : undefined],
      ['tags', random.pick([undefined, ['vip'], ['vip', 'lyon'], ['a tag that is too long for one']])],
      ['attributes', { title: 'Dr.', ...(random.chance(0.5) && { city: 'Pune' }), email: 'other@example.com' }],
    ]
    return Object.fromEntries(own.filter(([, value]) => value !== undefined)) as Person
  })
}

function toCsv(contacts: readonly Person[]): string {
  const header = [...columns, 'tags', ...attributes.map((name) => `attributes.${name}`)]
  const rows = contacts.map((contact) => [
    ...columns.map((column) => contact[column] ?? ''),
    (contact.tags ?? []).join(','),
    ...attributes.map((name) => contact.attributes?.[name] ?? ''),
  ])
  return stringify([header, ...rows])
}

withImportStores('with %s, an import tells what its rows lose', {}, (gateway) => {
  const reset = () => {
    const { oblic, octopush, vobiz } = gateway.simulators
    for (const simulator of [oblic, octopush, vobiz]) simulator.reset()
  }

  test('in its own resource, in the list of imports and in its events; what the header tells, when it starts', async () => {
    const csv = new Uint8Array(fixtures['values-without-a-place.csv'] as Uint8Array)
    const accepted = await upload(gateway, { csv })
    expect(accepted.body).toMatchObject({
      warnings: [
        { code: 'tag_dropped', column: 'tags', accounts: ['oblic-main'] },
        { code: 'attribute_dropped', column: 'attributes.city', accounts: ['oblic-main'] },
        { code: 'attribute_dropped', column: 'attributes.city', accounts: ['octopush-fr'] },
      ],
    })
    const done = await untilDone(gateway, accepted.body.id)
    expect(done).toMatchObject({
      status: 'completed',
      losses: {
        'oblic-main': { tag_dropped: 1, attribute_dropped: 1 },
        'octopush-fr': { name_not_split: 1, best_effort: 1, attribute_dropped: 1 },
      },
      skippedBecause: {},
    })
    expect(done.losses).not.toHaveProperty('vobiz-in')
    expect((await gateway.call('GET', `/imports/${done.id}`)).body).toEqual(done)
    const { warnings: _, ...listed } = done
    expect((await gateway.call('GET', '/imports?limit=1')).body.items).toEqual([listed])
    const events = await gateway.call('GET', `/imports/${done.id}/events`)
    expect(parseEvents(events.text).at(-1)?.data).toEqual(done)
  })

  test(`that add up, for ${rows} rows with tags, attributes and name parts, to the warnings that they get as JSON`, {
    timeout: 120_000,
  }, async () => {
    const seed = Math.floor(Math.random() * 2 ** 32)
    const contacts = people(rows, seed)
    const expected = await warningsOf(gateway, contacts, '?validateOnly=true')
    const { losses, skippedBecause } = await importWhole(gateway, { csv: toCsv(contacts) })
    expect({ seed, losses, skippedBecause }).toEqual({ seed, losses: expected.losses, skippedBecause: {} })
    expect(Object.keys(losses)).toEqual(['oblic-main', 'octopush-fr', 'vobiz-in'])
  })

  test.each([
    ['sent', '', 'update'],
    ['only checked', '?validateOnly=true', 'update'],
    ['left alone where they are known', '', 'skip'],
  ])('as their outcomes as JSON have them when they are %s', async (_what, query, onConflict) => {
    const seed = Math.floor(Math.random() * 2 ** 32)
    const known = people(60, seed)
    const contacts = [...known, ...known.slice(0, 20)]
    const run = async (work: () => Promise<object>) => {
      reset()
      // With `skip` some are there already.
      if (onConflict === 'skip') await warningsOf(gateway, known.slice(0, 30))
      return work()
    }
    const asJson = await run(() => warningsOf(gateway, contacts, query, onConflict))
    const asCsv = await run(() => importWhole(gateway, { csv: toCsv(contacts), query, options: { onConflict } }))
    expect({ seed, ...asCsv }).toMatchObject({ seed, ...asJson })
    expect(asCsv).toMatchObject({ skippedBecause: { 'vobiz-in': { duplicateInFile: expect.any(Number) } } })
  })

  test('and why rows were skipped, apart from it', async () => {
    const csv = 'name,email,phone,tags\nA,a@example.com,+919820000001,x\nA,A@example.com,+91 9820000001,x\n'
    const { losses, skippedBecause } = await importWhole(gateway, { csv })
    expect(losses).toMatchObject({ 'oblic-main': { tag_dropped: 1 } })
    expect(skippedBecause).toMatchObject({
      'oblic-main': { duplicateInFile: 1 },
      'octopush-fr': { duplicateInFile: 1 },
      'vobiz-in': { duplicateInFile: 1 },
    })
  })
})
