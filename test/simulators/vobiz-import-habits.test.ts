import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVobizSimulator } from '../../src/simulators/vobiz.ts'
import type { VobizQuirks } from '../../src/simulators/vobiz-errors.ts'
import { misbehave, vobizHeaders, vobizKeyPair } from './provider-calls.ts'

/** The third row is bad; the name before it spans two lines of the file. */
const file =
  'phone_number,name,tags\n+919876543210,Rahul,VIP\n+919123456789,"Priya\nNair",\n98765,Bad,\n+919000000001,Last,\n'
const reason = 'invalid phone_number: must be E.164 format'

describe('the habits of the Vobiz import', () => {
  let simulator: ReturnType<typeof createVobizSimulator>
  const load = async (text = file) => {
    const form = new FormData()
    form.set('file', new File([text], 'contacts.csv', { type: 'text/csv' }))
    const response = await fetch(`${simulator.baseUrl}/contacts/import`, {
      method: 'POST',
      headers: vobizKeyPair,
      body: form,
    })
    return { status: response.status, body: JSON.parse(await response.text()) }
  }
  const quirks = (values: Partial<VobizQuirks>) => misbehave(simulator, { quirks: values })
  const names = () => simulator.contacts().map(({ name }) => name)

  beforeEach(async () => {
    simulator = createVobizSimulator()
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  it('are none as long as nothing is switched', async () => {
    expect(await load()).toEqual({
      status: 200,
      body: { total: 4, created: 3, updated: 0, failed: 1, errors: [{ row: 3, phone_number: '98765', reason }] },
    })
  })

  it.each([
    ['as-quirk', { row: 3 }],
    ['zero-based', { row: 2 }],
    ['line', { row: 5 }],
    ['text', { row: '3' }],
    ['absent', {}],
    ['shifted', { row: 6 }],
  ] as const)('the row of an error: %s', async (importRowForm, row) => {
    await quirks({ importRowForm })
    expect((await load()).body.errors).toEqual([{ ...row, phone_number: '98765', reason }])
  })

  it.each([
    ['shown', { phone_number: '+9112' }],
    ['masked', { phone_number: '+91******9112' }],
    ['absent', {}],
    ['null', { phone_number: null }],
    ['digits', { phone_number: '9112' }],
    ['empty', { phone_number: '' }],
  ] as const)('the number of an error: %s', async (importNumber, number) => {
    await quirks({ importNumber })
    const { body } = await load('phone_number,name\n+9112,Bad\n')
    expect(body.errors).toEqual([{ row: 1, ...number, reason }])
  })

  it.each([
    [
      'objects',
      [
        { row: 1, phone_number: '1', reason },
        { row: 2, phone_number: '2', reason },
      ],
    ],
    ['texts', [`Row 1: ${reason}`, `Row 2: ${reason}`]],
    ['null', null],
    ['none', []],
    ['first', [{ row: 1, phone_number: '1', reason }]],
    ['by-row', { 1: [reason], 2: [reason] }],
    [
      'details',
      [
        { row: 1, phone_number: '1', field: 'phone_number', message: reason },
        { row: 2, phone_number: '2', field: 'phone_number', message: reason },
      ],
    ],
  ] as const)('the errors: %s', async (importErrors, errors) => {
    await quirks({ importErrors })
    expect((await load('phone_number,name\n1,A\n2,B\n')).body).toMatchObject({ failed: 2, errors })
  })

  it.each([
    ['numbers', { total: 4, created: 2, updated: 1, failed: 1 }],
    ['texts', { total: '4', created: '2', updated: '1', failed: '1' }],
    ['absent', {}],
    ['other-names', { processed: 4, imported: 2, merged: 1, skipped: 1 }],
    ['nested', { summary: { total: 4, created: 2, updated: 1, failed: 1 } }],
    ['created-only', { total: 4, created: 3, updated: 0, failed: 1 }],
  ] as const)('the counts: %s', async (importCounts, counts) => {
    await load('phone_number,name\n+919876543210,Rahul\n')
    await quirks({ importCounts })
    const { errors, ...rest } = (await load()).body
    expect(errors).toHaveLength(1)
    expect(rest).toEqual(counts)
  })

  it.each([200, 201, 202, 207, 422] as const)('an import that was done answers %i', async (importStatus) => {
    await quirks({ importStatus })
    expect(await load()).toMatchObject({ status: importStatus, body: { created: 3, failed: 1 } })
    expect(simulator.requests()[0]?.applied).toBe(true)
    const good = await load('phone_number,name\n+919876543219,Good\n')
    expect(good.status).toBe(importStatus === 422 ? 200 : importStatus)
  })

  it.each([
    ['left-out', 200, ['Rahul', 'Priya\nNair', 'Last']],
    ['file-refused', 422, []],
    ['rows-before-stored', 422, ['Rahul', 'Priya\nNair']],
  ] as const)('what a bad row does: %s', async (importBadRow, status, stored) => {
    await quirks({ importBadRow })
    const answer = await load()
    expect(answer.status).toBe(status)
    expect(names()).toEqual(stored)
    expect(simulator.requests()[0]?.applied).toBe(stored.length > 0)
    if (status === 422) expect(answer.body.error.details.errors).toEqual([{ row: 3, phone_number: '98765', reason }])
  })

  it('change case and ids and lag of those who are imported, as for others', async () => {
    await quirks({ tagCase: 'lower', idForm: 'prefixed', updatedAfterMs: 1, searchLagCalls: 1 })
    await load()
    expect(simulator.contacts()[0]).toMatchObject({ id: 'c_000000000001', tags: ['vip'] })
    const list = async () => {
      const response = await fetch(`${simulator.baseUrl}/contacts`, { headers: vobizHeaders })
      return ((await response.json()) as { total: number }).total
    }
    expect([await list(), await list()]).toEqual([0, 3])
  })
})
