import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AnswerStep, answerSteps, changeAnswer, type StepName } from '../../src/simulators/change-answer.ts'
import { changeAtRandom } from '../../src/simulators/random-changes.ts'
import type { Simulator } from '../../src/simulators/simulator.ts'
import { misbehave, providerCases, send } from './provider-calls.ts'

const answer = () => ({
  status: 200,
  body: {
    items: [{ id: 'a', name: 'N', tags: ['x'], custom_attributes: { k: 'v' }, created_at: '2026-03-01T10:00:00Z' }],
    status: 'success',
    errors: [],
    details: {},
    total: 1,
    number: '+33612345678',
  },
})
const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed)
const nameOf = (step: AnswerStep) => Object.keys(step).find((key) => key !== 'at') as StepName

describe('answers changed at random', () => {
  it('are the same for the same seed and request, and others for others', () => {
    const outcomes = seeds(200).map((seed) => JSON.stringify(changeAtRandom(answer(), { seed }, 3)))
    expect(seeds(200).map((seed) => JSON.stringify(changeAtRandom(answer(), { seed }, 3)))).toEqual(outcomes)
    expect(new Set(outcomes).size).toBeGreaterThan(150)
    const numbers = seeds(200).map((number) => JSON.stringify(changeAtRandom(answer(), { seed: 1 }, number)))
    expect(new Set(numbers).size).toBeGreaterThan(150)
  })

  it('come out the same again when their steps are told', () => {
    for (const seed of seeds(2_000)) {
      const { answer: changed, steps } = changeAtRandom(answer(), { seed, steps: 5 }, 0)
      expect(changeAnswer(answer(), steps)).toEqual(changed)
    }
  })

  it('have at least one step and at most as many as were asked for', () => {
    const counts = seeds(500).map((seed) => changeAtRandom(answer(), { seed, steps: 4 }, 0).steps.length)
    expect([Math.min(...counts), Math.max(...counts)]).toEqual([1, 4])
  })

  it('use every step that has samples', () => {
    const used = new Set(seeds(5_000).flatMap((seed) => changeAtRandom(answer(), { seed }, 0).steps.map(nameOf)))
    const sampled = Object.entries(answerSteps).filter(([, { samples }]) => samples.length > 0)
    expect(sampled.map(([name]) => name).filter((name) => !used.has(name as StepName))).toEqual([])
  })

  it('are a share of all', () => {
    const changed = seeds(2_000).filter((seed) => changeAtRandom(answer(), { seed, share: 0.25 }, 0).steps.length > 0)
    expect(changed.length / 2_000).toBeCloseTo(0.25, 1)
    expect(changeAtRandom(answer(), { seed: 1, share: 0 }, 0)).toEqual({ answer: answer(), steps: [] })
  })

  it('keep to the steps and groups that are named, and leave out the others', () => {
    for (const seed of seeds(500)) {
      const { steps } = changeAtRandom(answer(), { seed, only: ['shape', 'status'], except: ['inList'] }, 0)
      for (const step of steps) {
        expect(['shape', 'status']).toContain(answerSteps[nameOf(step)].group)
        expect(nameOf(step)).not.toBe('inList')
      }
    }
  })

  it('leave the honest answer as it was', () => {
    const honest = answer()
    for (const seed of seeds(500)) changeAtRandom(honest, { seed, steps: 6 }, 0)
    expect(honest).toEqual(answer())
  })

  it('are possible for every kind of answer', () => {
    for (const body of [undefined, null, 'text', 5, [], {}, [[]], true])
      for (const seed of seeds(200)) {
        const { answer: changed } = changeAtRandom({ status: 204, ...(body !== undefined && { body }) }, { seed }, 0)
        expect(changed.status).toBeGreaterThanOrEqual(200)
      }
  })
})

describe.each(providerCases)('$name told to answer at random', (provider) => {
  let simulator: Simulator
  const write = () =>
    fetch(simulator.baseUrl + provider.path, {
      method: 'POST',
      headers: provider.headers,
      body: JSON.stringify(provider.body),
    }).then(
      async (response) => Buffer.from(await response.arrayBuffer()).toString('hex') + response.status,
      () => 'no answer that fetch understands',
    )
  beforeEach(async () => {
    simulator = provider.create()
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  it('tells which steps each answer got, and does the same again', async () => {
    const round = async () => {
      simulator.reset()
      await misbehave(simulator, { random: { seed: 11, except: ['times'] } })
      for (let count = 0; count < 15; count++) await write()
      return simulator.requests().map(({ changes }) => changes)
    }
    const first = await round()
    expect(first.every((steps) => steps !== undefined && steps.length > 0)).toBe(true)
    expect(await round()).toEqual(first)
  })

  it('answers as it did at random when it is told the steps', async () => {
    await misbehave(simulator, { random: { seed: 5, only: ['shape', 'damage', 'failure'] } })
    await send(`${simulator.url}/elsewhere`, 'GET', provider.headers).catch(() => undefined)
    const changes = simulator.requests()[0]?.changes ?? []
    await misbehave(simulator, { answer: changes })
    await send(`${simulator.url}/elsewhere`, 'GET', provider.headers).catch(() => undefined)
    expect(simulator.requests().map((request) => request.changes)).toEqual([changes, changes])
  })

  it('applies what it is asked all the same', async () => {
    await misbehave(simulator, { random: { seed: 3, only: ['damage', 'failure'] } })
    await write()
    expect(simulator.counts().total).toBe(1)
    expect(simulator.requests()[0]?.applied).toBe(true)
  })
})
