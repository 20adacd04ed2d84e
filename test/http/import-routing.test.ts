import { describe, expect, test } from 'vitest'
import { sampleOblicList } from '../../src/simulators/oblic.ts'
import { importWhole, upload } from '../support/import-calls.ts'
import { withImportStores } from '../support/with-import-stores.ts'

/** Rows of a file, and of a batch that becomes an import, go to the targets that are for them. */
const routed = {
  targets: [
    { account: 'oblic-main', list: sampleOblicList, when: { has: ['email'] } },
    { account: 'octopush-fr', list: 'routed', when: { phone: { countries: ['FR'] } } },
    { account: 'vobiz-in', tag: 'routed', when: { attributes: { plan: ['pro'] } } },
  ],
}

const header = 'name,email,phone,plan'
const rows = [
  'Ana,ana@example.com,+33612345678,pro',
  'Ben,ben@example.com,,',
  'Cleo,,+919876543210,free',
  'Dev,,+919876543210,pro',
  'Eve,eve@example.com,12,pro',
]
const csv = [header, ...rows].join('\n')
const options = { mapping: { plan: 'attributes.plan' } }

withImportStores('on %s', { changes: { lists: { routed } } }, (gateway) => {
  const errorsOf = async (id: string) => (await gateway.call('GET', `/imports/${id}/errors`)).body.items

  describe('an import to a list whose targets are for some rows', () => {
    test('sends each row where it is for, and counts why the others were skipped', async () => {
      const done = await importWhole(gateway, { list: 'routed', csv, options })
      expect(done.progress).toMatchObject({
        'oblic-main': { accepted: 2, skipped: 2, rejected: 1 },
        'octopush-fr': { created: 1, skipped: 3, rejected: 1 },
        'vobiz-in': { created: 2, skipped: 2, rejected: 1 },
      })
      expect(done.skippedBecause).toEqual({
        'oblic-main': { notForThisTarget: 2 },
        'octopush-fr': { notForThisTarget: 3 },
        'vobiz-in': { notForThisTarget: 2 },
      })
      for (const account of Object.keys(done.progress)) expect(done.losses[account]).toMatchObject({ no_target: 1 })
      const { oblic, octopush, vobiz } = gateway.simulators
      expect([oblic, octopush, vobiz].map((simulator) => simulator.contacts().length)).toEqual([2, 1, 2])
    })

    test('reports a row that no target is for, and errors.csv brings it back once it is completed', async () => {
      const done = await importWhole(gateway, { list: 'routed', csv, options })
      const errors = await errorsOf(done.id)
      const nowhere = errors.filter(({ code }: { code: string }) => code === 'no_target')
      expect(nowhere.map(({ row, account, status }: Record<string, unknown>) => [row, account, status])).toEqual([
        [3, 'oblic-main', 'skipped'],
        [3, 'octopush-fr', 'skipped'],
        [3, 'vobiz-in', 'skipped'],
      ])
      const { text } = await gateway.call('GET', `/imports/${done.id}/errors.csv`)
      const lines = text.trim().split('\n')
      expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['Cleo', 'Eve'])
      const mended = [lines[0], lines[1]?.replace('+919876543210,free', '+919876543219,pro')].join('\n')
      const again = await importWhole(gateway, { list: 'routed', csv: mended, options })
      expect(again.progress).toMatchObject({
        'oblic-main': { skipped: 1 },
        'octopush-fr': { skipped: 1 },
        'vobiz-in': { created: 1 },
      })
    })

    test('a row that the target is not for does not make a later one a duplicate there', async () => {
      const done = await importWhole(gateway, {
        list: 'routed',
        csv: [header, rows[2], rows[3], rows[3]].join('\n'),
        options,
      })
      expect(done.progress['vobiz-in']).toMatchObject({ created: 1, skipped: 2 })
      expect(done.skippedBecause['vobiz-in']).toEqual({ notForThisTarget: 1, duplicateInFile: 1 })
    })

    test('a row for one account alone that it is not for has no target', async () => {
      const one = [`${header},_account`, 'Ben,ben@example.com,,,vobiz-in'].join('\n')
      const done = await importWhole(gateway, { list: 'routed', csv: one, options })
      expect(done.skippedBecause).toMatchObject({
        'vobiz-in': { notForThisTarget: 1 },
        'oblic-main': { otherAccount: 1 },
      })
    })

    test('validateOnly tells the same, and sends nothing', async () => {
      const done = await importWhole(gateway, { list: 'routed', csv, options, query: '?validateOnly=true' })
      expect(done.skippedBecause['octopush-fr']).toEqual({ notForThisTarget: 3, validateOnly: 1 })
      expect(gateway.simulators.vobiz.contacts()).toEqual([])
    })

    test('a batch sent with respond-async goes the same ways', async () => {
      const contacts = [
        { name: 'Ana', email: 'ana@example.com', phone: '+33612345678', attributes: { plan: 'pro' } },
        { name: 'Ben', email: 'ben@example.com' },
      ]
      const accepted = await gateway.call('POST', '/lists/routed/contacts', {
        body: { contacts },
        headers: { prefer: 'respond-async' },
      })
      expect(accepted.status).toBe(202)
      const events = await gateway.call('GET', `/imports/${accepted.body.id}/events`)
      expect(events.text).toContain('event: done')
      const { body } = await gateway.call('GET', `/imports/${accepted.body.id}`)
      expect(body.progress).toMatchObject({
        'oblic-main': { accepted: 2 },
        'octopush-fr': { created: 1, skipped: 1 },
        'vobiz-in': { created: 1, skipped: 1 },
      })
    })

    test('goes by the configuration at the time when its rows are planned', async () => {
      const { oblic } = gateway.simulators
      oblic.setBehaviour({ latencyMs: 500 })
      const people = Array.from({ length: 150 }, (_, n) => `P${n},p${n}@example.com,,`)
      const accepted = await upload(gateway, { list: 'routed', csv: [header, ...people].join('\n'), options })
      expect(accepted.status).toBe(202)
      // The first chunk is on its way; the second is planned when it has come back.
      await oblic.waitForRequest(() => true)
      const [mail, ...others] = routed.targets
      gateway.changeLists({ routed: { targets: [{ ...mail, when: { has: ['phone'] } }, ...others] } })
      await gateway.call('GET', `/imports/${accepted.body.id}/events`)
      gateway.changeLists({ routed })
      const { body } = await gateway.call('GET', `/imports/${accepted.body.id}`)
      expect(body.progress['oblic-main']).toMatchObject({ accepted: 100, skipped: 50 })
    })
  })
})
