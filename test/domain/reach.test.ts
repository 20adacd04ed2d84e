import { describe, expect, test } from 'vitest'
import { type Reach, type Sighting, sight, unseen } from '../../src/domain/reach.ts'

const start = 1_000_000

/** Goes through sightings; tells what became of the account, each with its second. */
function see(sightings: readonly (Partial<Sighting> & { readonly second: number })[], from: Reach = unseen) {
  let reach = from
  const changes: string[] = []
  for (const { second, ...seen } of sightings) {
    const at = start + second * 1_000
    const told = sight(reach, { process: 'a', at, isOpen: false, lastSuccess: 0, lastFailure: undefined, ...seen })
    reach = told.reach
    if (told.change !== undefined)
      changes.push(`${second} ${told.change.change} since ${(told.change.since - start) / 1_000}`)
  }
  return { reach, changes }
}

const every = (from: number, to: number, seen: Partial<Sighting>) =>
  Array.from({ length: (to - from) / 5 + 1 }, (_, index) => ({ second: from + index * 5, ...seen }))

describe('An account', () => {
  test('is away when nothing has succeeded for 60 s while a breaker was open, and that is said once', () => {
    expect(see(every(0, 200, { isOpen: true })).changes).toEqual(['60 unavailable since 0'])
  })

  test('is there while another process succeeds', () => {
    const both = every(0, 200, { isOpen: true }).flatMap((one) => [
      one,
      { second: one.second, process: 'b', lastSuccess: start + one.second * 1_000 },
    ])
    expect(see(both).changes).toEqual([])
  })

  test('that was idle for long is not away the moment a breaker opens', () => {
    expect(see(every(0, 55, { isOpen: true, lastSuccess: start - 3_600_000 })).changes).toEqual([])
  })

  test('is back after a success, when no breaker has been open for 60 s', () => {
    const away = see(every(0, 60, { isOpen: true })).reach
    const lastSuccess = start + 70_000
    expect(see(every(70, 200, { lastSuccess }), away).changes).toEqual(['130 recovered since 0'])
    expect(see(every(70, 200, {}), away).changes).toEqual([])
    const relapse = [...every(70, 100, { lastSuccess }), { second: 105, isOpen: true }, ...every(110, 200, {})]
    expect(see(relapse, away).changes).toEqual(['170 recovered since 0'])
  })

  test('is not held away by a process that died with its breaker open', () => {
    const away = see(every(0, 60, { isOpen: true, process: 'dead' })).reach
    expect(see(every(65, 200, { lastSuccess: start + 65_000 }), away).changes).toEqual(['150 recovered since 0'])
  })
})
