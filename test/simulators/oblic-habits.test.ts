import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOblicSimulator, type OblicQuirks } from '../../src/simulators/oblic.ts'
import { misbehave, oblicAddPath, oblicHeaders, send } from './provider-calls.ts'

const jane = { name: 'Jane', email: 'jane@example.com' }
const bad = { name: 'Bad', email: 'bad' }
const max = { name: 'Max', email: 'max@example.com' }

describe('the habits of the Oblic simulator', () => {
  let simulator: ReturnType<typeof createOblicSimulator>
  const add = async (...contacts: object[]) => {
    const { status, body } = await send(simulator.url + oblicAddPath, 'POST', oblicHeaders, contacts)
    return { status, body: body as { status: string; errors: { cd: string }[] | null } }
  }
  const quirks = (values: Partial<OblicQuirks>) => misbehave(simulator, { quirks: values })
  const held = () => simulator.contacts().map(({ name }) => name)

  beforeEach(async () => {
    simulator = createOblicSimulator()
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  it.each([
    ['refused', 400, 'error', ['INVALID_EMAIL'], []],
    ['rest-stored', 400, 'error', ['INVALID_EMAIL'], ['Jane', 'Max']],
    ['success-with-errors', 200, 'success', ['INVALID_EMAIL'], ['Jane', 'Max']],
    ['dropped', 200, 'success', undefined, ['Jane', 'Max']],
  ] as const)('a bad contact among good ones: %s', async (badContact, status, word, codes, stored) => {
    await quirks({ badContact })
    const answer = await add(jane, bad, max)
    expect([answer.status, answer.body.status]).toEqual([status, word])
    expect(answer.body.errors?.map(({ cd }) => cd)).toEqual(codes)
    expect(held()).toEqual(stored)
    expect(simulator.requests()[0]?.applied).toBe(stored.length > 0)
  })

  it.each([
    ['conflict-409', 409],
    ['conflict-400', 400],
  ] as const)('a batch with somebody who is there already is refused whole: %s', async (existing, status) => {
    await add(jane)
    await quirks({ existing })
    const answer = await add(max, { ...jane, name: 'Janet' })
    expect([answer.status, answer.body.errors]).toEqual([status, [expect.objectContaining({ cd: 'CONTACT_EXISTS' })]])
    expect(held()).toEqual(['Jane'])
    expect((await add(max)).status).toBe(200)
  })

  it('somebody who is there already is kept as before, with a success', async () => {
    await add(jane)
    await quirks({ existing: 'kept' })
    expect((await add({ ...jane, name: 'Janet' }, max)).body.status).toBe('success')
    expect(held()).toEqual(['Jane', 'Max'])
  })

  it.each([400, 422, 500, 409, 200] as const)('INVALID_EMAIL comes with %i', async (invalidEmailStatus) => {
    await quirks({ invalidEmailStatus })
    const { status, body } = await add(bad)
    expect([status, body.status, body.errors?.[0]?.cd]).toEqual([invalidEmailStatus, 'error', 'INVALID_EMAIL'])
    expect((await add({ ...jane, name: '' })).status).toBe(400)
  })
})
