import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { AccountSchema } from '../../src/config/schema.ts'
import { type ProbeSet, recommended, type Said, settingsThatFollow } from '../../src/providers/probing.ts'
import { foresee } from '../../src/verify/foresee.ts'
import { htmlPage } from './adapter-cases.ts'
import { everyAdapter } from './every-adapter.ts'

const sets = [...everyAdapter.values()].flatMap((adapter) =>
  adapter.probes === undefined ? [] : [{ id: adapter.id, adapter, set: adapter.probes }],
)
const people = {
  phones: ['+33612345678', '+33612345679'],
  emails: ['jane@example.com'],
  optedOut: '+33612340404',
  list: '00000000-0000-4000-8000-000000000001',
  sizes: true,
  mark: 'cgw-verify-20261130',
  made: [],
  written: [],
}

/** Every step was answered with this. */
function answered(status: number, text: string): Said {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {}
  return { ...people, answer: () => ({ status, text, body }), wasAsked: () => true }
}

describe.each(sets)('the probes of $id', ({ id, adapter, set }) => {
  test('have ids of their own that begin alike, and ask', () => {
    const ids = [...set.probes, ...set.unseen].map((one) => one.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const one of ids) expect(one).toMatch(new RegExp(`^${id.slice(0, 3).toUpperCase()}-[A-Z0-9-]+$`))
    for (const { question } of [...set.probes, ...set.unseen]) expect(question).toMatch(/\?$/)
    for (const { why } of set.unseen) expect(why).toMatch(/\.$/)
  })

  test('have a sentence for each word, and settings that an account has', () => {
    const known = { ...AccountSchema.properties, ...adapter.settings.properties }
    for (const { id: probe, answers, assumes, settings = {} } of set.probes) {
      for (const says of Object.values(answers)) expect(says, probe).toMatch(/\.$/)
      expect(Object.keys(answers), probe).toEqual(expect.arrayContaining([...assumes, ...Object.keys(settings)]))
      for (const { name } of Object.values(settings)) expect(Object.keys(known), probe).toContain(name)
    }
  })

  test('recommend values that an account may have, and that are then as configured', () => {
    const known = { ...AccountSchema.properties, ...adapter.settings.properties } as Record<string, TSchema>
    for (const { id: probe, settings = {} } of set.probes)
      for (const [seen, setting] of Object.entries(settings)) {
        const value = recommended(setting)
        expect(Value.Check(known[setting.name] as TSchema, value), `${probe} ${seen}`).toBe(true)
        const following = settingsThatFollow(set, [{ id: probe, seen }], { [setting.name]: value })
        expect(following, `${probe} ${seen}`).toEqual([{ probe, setting, fits: true }])
      }
  })

  test('settle nothing where nothing was answered', () => {
    const nothing: Said = { ...people, answer: () => undefined, wasAsked: () => false }
    for (const { id: probe, read } of set.probes) expect(read(nothing), probe).toBeUndefined()
  })

  test.each([
    [200, htmlPage],
    [404, htmlPage],
    [401, '{"message":"No"}'],
    [429, '{}'],
    [500, '{}'],
    [502, htmlPage],
    [503, ''],
  ])('settle nothing by %i to every call', (status, text) => {
    const said = answered(status, text)
    const seen = set.probes.flatMap(({ id: probe, read }) =>
      read(said) === undefined ? [] : [`${probe} ${read(said)}`],
    )
    expect(seen).toEqual([])
  })

  test('without writes change nothing, and have the ids of their steps but once', () => {
    const ids = set.steps.map((step) => step.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { step, request } of foresee(set as ProbeSet, people))
      if (!step.writes && id !== 'oblic') expect(request.method, step.id).toBe('GET')
  })

  test('say on one line what each call is for, without anybody’s data', () => {
    for (const { does } of set.steps) expect(does).toMatch(/^[A-Z][^\n@]*[a-z0-9_,)+]$/)
  })
})
