import { expect, test } from 'vitest'
import { type ImportPlace, placeLeaseMs } from '../../src/services/import-store-port.ts'
import { freshName, type ImportStoreUnderTest, payloadOf, publish, recordOf } from './import-store-under-test.ts'

const dayMs = 24 * 3_600_000

/** Places for imports whose files come in. */
export function testImportPlaces(subject: () => ImportStoreUnderTest): void {
  const imports = () => subject().store.imports
  const limits = { most: 3, bytes: 10, mostBytes: 1_000_000 }
  const taken = (place: ImportPlace | string): ImportPlace => {
    if (typeof place === 'string') throw new Error(`no place: ${place}`)
    return place
  }

  test('are as many as there may be imports, however many ask at once, at whichever process', async () => {
    const client = freshName('client')
    const other = await subject().another()
    const asked = Array.from({ length: 20 }, (_, at) =>
      (at % 2 === 0 ? imports() : other.imports).takePlace(client, limits),
    )
    const got = await Promise.all(asked)
    const places = got.filter((place) => typeof place !== 'string')
    expect(places).toHaveLength(3)
    expect(got.filter((place) => place === 'imports')).toHaveLength(17)
    expect(new Set(places.map(({ id }) => id)).size).toBe(3)
    expect(typeof (await imports().takePlace(freshName('client'), limits))).toBe('object')
    await places[0]?.giveBack()
    await places[0]?.giveBack()
    expect(typeof (await other.imports.takePlace(client, limits))).toBe('object')
    expect(await imports().takePlace(client, limits)).toBe('imports')
  })

  test('become those of their imports without a moment in which both count, or none', async () => {
    const client = freshName('client')
    const place = taken(await imports().takePlace(client, { ...limits, most: 1 }))
    await publish(subject().store, recordOf({ client, id: place.id }), [1])
    expect(await imports().takePlace(client, { ...limits, most: 1 })).toBe('imports')
    expect(typeof (await imports().takePlace(client, { ...limits, most: 2 }))).toBe('object')
    await place.giveBack()
    expect(await imports().takePlace(client, { ...limits, most: 2 })).toBe('imports')
    await imports().cancel(place.id)
    expect(typeof (await imports().takePlace(client, { ...limits, most: 2 }))).toBe('object')
  })

  test('are shown to whoever asks what comes in, at whichever process, until they are given back', async () => {
    const [one, other] = [freshName('client'), freshName('client')]
    const places = [taken(await imports().takePlace(one, limits)), taken(await imports().takePlace(other, limits))]
    const elsewhere = await subject().another()
    const shown = async () => {
      const ids = await elsewhere.imports.comingIn()
      return places.map(({ id }) => ids.includes(id))
    }
    expect(await shown()).toEqual([true, true])
    // Its import may be published by now; who goes through all imports then finds it.
    await publish(subject().store, recordOf({ client: one, id: (places[0] as ImportPlace).id }), [1])
    await places[0]?.giveBack()
    await places[1]?.renew()
    expect(await shown()).toEqual([false, true])
    await places[1]?.giveBack()
    expect(await shown()).toEqual([false, false])
  })

  test('that nobody renews run out', async () => {
    const client = freshName('client')
    const one = { ...limits, most: 1 }
    const place = taken(await imports().takePlace(client, one))
    await subject().passPlaces(client, placeLeaseMs - 5_000)
    await place.renew()
    await subject().passPlaces(client, placeLeaseMs - 5_000)
    expect(await imports().takePlace(client, one)).toBe('imports')
    await subject().passPlaces(client, 6_000)
    expect(typeof (await imports().takePlace(client, one))).toBe('object')
  })

  test('have room for so many bytes, of what comes in and of what is kept; the oldest that ended goes for them', async () => {
    const client = freshName('client')
    const record = (createdAt: number) => recordOf({ client, createdAt: new Date(createdAt).toISOString() })
    const now = Date.now()
    const ids: string[] = []
    for (const age of [3, 2, 1]) {
      const draft = await imports().begin({ ...record(now - age * 1_000) })
      await draft.appendBlock(Buffer.concat([payloadOf(0), Buffer.alloc(10_000, 7)]), 1)
      await draft.publish()
    }
    ids.push(...(await imports().list(client, 10, undefined)).map(({ id }) => id).toReversed())
    const room = { most: 100, bytes: 5_000, mostBytes: 40_000 }
    expect(taken(await imports().takePlace(client, room)).deleted).toEqual([])
    // Nothing has ended.
    expect(await imports().takePlace(client, { ...room, bytes: 10_000 })).toBe('bytes')
    for (const id of ids.slice(0, 2)) {
      await imports().cancel(id)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(await imports().takePlace(client, { ...room, bytes: 40_000 })).toBe('bytes')
    const place = taken(await imports().takePlace(client, { ...room, bytes: 10_000 }))
    expect(place.deleted).toEqual([ids[0]])
    expect(await imports().get(ids[0] as string)).toBeUndefined()
    expect(await imports().get(ids[1] as string)).toBeDefined()
    expect((await imports().list(client, 10, undefined)).map(({ id }) => id)).toEqual(ids.slice(1).toReversed())
    await place.giveBack()
  })

  test('the bytes of many who ask at once never add up to more than there may be', async () => {
    const client = freshName('client')
    const got = await Promise.all(
      Array.from({ length: 20 }, () => imports().takePlace(client, { most: 100, bytes: 300, mostBytes: 1_000 })),
    )
    expect(got.filter((place) => place !== 'bytes')).toHaveLength(3)
  })

  test('an import is deleted when it has ended, and not before', async () => {
    const client = freshName('client')
    const id = await publish(subject().store, recordOf({ client }), [2, 2])
    expect(await imports().remove(id)).toBe(false)
    await imports().cancel(id)
    expect(await imports().remove(id)).toBe(true)
    expect(await imports().remove(id)).toBe(false)
    expect(await imports().get(id)).toBeUndefined()
    expect(await imports().list(client, 10, undefined)).toEqual([])
    expect(await imports().cancel(id)).toBe(false)
    expect(await imports().blocksWithReports(id, 0, 10)).toEqual([])
    const { events } = subject().store
    await events.carried((await events.waiting()).filter(({ event }) => event.cause === id))
    expect(await subject().traces(id)).toBe(0)
    expect(await imports().remove('nothing')).toBe(false)
  })

  test('an import that only checked its rows is kept for a day', async () => {
    const [checked, sent] = [
      await publish(subject().store, recordOf({ validateOnly: true }), [1]),
      await publish(subject().store, recordOf(), [1]),
    ]
    for (const id of [checked, sent]) await imports().cancel(id)
    for (const id of [checked, sent]) await subject().pass(id, dayMs + 1_000)
    expect(await imports().get(checked)).toBeUndefined()
    expect(await imports().get(sent)).toBeDefined()
  })
}
