import { createHmac, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { channelSet } from '../../src/domain/suppression.ts'
import { type Store, StoreUnavailable } from '../../src/services/store-port.ts'
import { addressDigest } from '../../src/services/suppressions/address-digest.ts'
import { createLookUp } from '../../src/services/suppressions/look-up.ts'
import {
  type ConfiguredKeys,
  createSuppressionKeys,
  WrongSuppressionKey,
} from '../../src/services/suppressions/suppression-keys.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'

const [one, two, three] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const withKey = (key: Buffer | undefined, ...oldKeys: Buffer[]): ConfiguredKeys => ({ key, oldKeys })
const jane = { email: 'jane@example.com', phone: '+33612345678', whatsapp: undefined }

let store: Store
beforeEach(() => {
  store = openSqliteStore({ dataDir: ':memory:' })
})
afterEach(() => store.close())

const open = (configured: ConfiguredKeys) => {
  const keys = createSuppressionKeys(store.suppressions, configured)
  return { keys, people: createLookUp(store.suppressions, keys) }
}
/** Puts Jane's phone on the list as a process with these keys does. */
const suppress = async ({ keys }: ReturnType<typeof open>, channels = channelSet(['sms'])) => {
  const [write] = await keys.current()
  const entry = {
    kind: 'phone',
    hint: '+33••••78',
    channels,
    reason: 'opt_out',
    source: 'api',
    note: undefined,
    saidAt: 1,
    createdBy: 'crm',
  } as const
  const [done] = await store.suppressions.replace([
    { id: write.idOf('phone', jane.phone), before: undefined, after: entry },
  ])
  expect(done).toBe(true)
}
const onPhone = async ({ people }: ReturnType<typeof open>) => {
  const barred = await people.lookUp(await people.prepare([jane]))
  expect(barred.none).toBe(barred.on(0, 'phone') === 0)
  expect([barred.on(0, 'email'), barred.on(0, 'whatsapp')]).toEqual([0, 0])
  return barred.on(0, 'phone')
}

test.each([
  ['phone', '+33612345678'],
  ['email', 'jáne@example.com'],
  ['email', 'x'.repeat(254)],
  ['email', '😀'.repeat(127)],
] as const)('an id is the beginning of an HMAC of the address: %s %s', (kind, address) => {
  for (const key of [one, Buffer.alloc(32, 0xff), Buffer.alloc(64, 1)]) {
    const hmac = createHmac('sha256', key).update(kind.charAt(0) + address)
    const id = addressDigest(key).idOf(kind, address)
    expect(id).toBe(hmac.digest('base64url').slice(0, 22))
    const ids = Buffer.from('-'.repeat(66))
    addressDigest(key).writeId(ids, 1, kind, address)
    expect(String(ids)).toBe(`${'-'.repeat(22)}${id}${'-'.repeat(22)}`)
  }
})

describe('the keys of the list', () => {
  test('one is made where none is configured, and all processes have it', async () => {
    const [first, second] = [open(withKey(undefined)), open(withKey(undefined))]
    await suppress(first)
    expect(await onPhone(second)).toBe(channelSet(['sms']))
  })

  test('the one that was made still finds its entries when a key comes, which writes from then on', async () => {
    await suppress(open(withKey(undefined)))
    const configured = open(withKey(one))
    expect(await onPhone(configured)).toBe(channelSet(['sms']))
    const [write] = await configured.keys.current()
    expect(write.idOf('phone', 'x')).toBe(addressDigest(one).idOf('phone', 'x'))
  })

  test('an old key finds its entries, and channels by several keys are united', async () => {
    await suppress(open(withKey(one)))
    const rotated = open(withKey(two, one))
    expect(await onPhone(rotated)).toBe(channelSet(['sms']))
    await suppress(rotated, channelSet(['whatsapp']))
    expect(await onPhone(rotated)).toBe(channelSet(['sms', 'whatsapp']))
  })

  test.each([
    ['another key', withKey(two)],
    ['no key', withKey(undefined)],
    ['other old keys', withKey(two, three)],
  ])('a process with %s than the list was made with is refused', async (_what, configured) => {
    await suppress(open(withKey(one)))
    const other = open(configured)
    await expect(other.keys.compare()).rejects.toThrow(WrongSuppressionKey)
    await expect((async () => other.people.prepare([jane]))()).rejects.toThrow(/suppressions\.oldKeys/)
  })

  test('a key with which nothing was written yet can be changed', async () => {
    await open(withKey(one)).keys.compare()
    const other = open(withKey(two))
    await suppress(other)
    await expect(open(withKey(one)).keys.compare()).rejects.toThrow(WrongSuppressionKey)
    expect(await onPhone(other)).toBe(channelSet(['sms']))
  })

  test('a running process notices within seconds that another uses a key that it lacks', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const running = open(withKey(one))
    await suppress(running)
    await open(withKey(two, one)).keys.compare()
    vi.advanceTimersByTime(11_000)
    await onPhone(running)
    await expect.poll(() => onPhone(running).catch((error) => error)).toBeInstanceOf(WrongSuppressionKey)
    vi.useRealTimers()
  })

  test('another configuration that lacks a key of the list is objected to; one that has it is used', async () => {
    const running = open(withKey(one))
    await suppress(running)
    expect(running.keys.objectionTo(withKey(two))).toMatch(/suppressions\.oldKeys/)
    expect(running.keys.objectionTo(withKey(undefined))).toBeDefined()
    expect(running.keys.objectionTo(withKey(two, one))).toBeUndefined()
    const prepared = await running.people.prepare([jane])
    running.keys.take(withKey(two, one))
    const [write] = await running.keys.current()
    expect(write.idOf('phone', 'x')).toBe(addressDigest(two).idOf('phone', 'x'))
    await expect(open(withKey(one)).keys.compare()).rejects.toThrow(WrongSuppressionKey)
    // What was prepared before is looked up with all keys of now.
    await suppress(running, channelSet(['whatsapp']))
    expect((await running.people.lookUp(prepared)).on(0, 'phone')).toBe(channelSet(['sms', 'whatsapp']))
  })

  test('while the store is away nothing is looked up; once it could be compared the keys are good', async () => {
    let isAway = true
    const list = {
      ...store.suppressions,
      keys: {
        ...store.suppressions.keys,
        own: async () => {
          if (isAway) throw new StoreUnavailable('away')
          return store.suppressions.keys.own()
        },
      },
    }
    const keys = createSuppressionKeys(list, withKey(one))
    await expect((async () => keys.current())()).rejects.toThrow('away')
    isAway = false
    expect(await keys.current()).toHaveLength(1)
    isAway = true
    expect(await keys.current()).toHaveLength(1)
  })

  test('a list that lost its own key gets it back from who holds it', async () => {
    /** Of the store that there is when it is asked. */
    const list = {
      count: () => store.suppressions.count(),
      keys: {
        own: () => store.suppressions.keys.own(),
        replaceOwn: (before: Buffer | undefined, after: Buffer) => store.suppressions.keys.replaceOwn(before, after),
        checks: () => store.suppressions.keys.checks(),
        addCheck: (check: string) => store.suppressions.keys.addCheck(check),
        removeCheck: (check: string) => store.suppressions.keys.removeCheck(check),
      },
    }
    const keys = createSuppressionKeys(list, withKey(undefined))
    await keys.compare()
    const [own, checks] = [await list.keys.own(), await list.keys.checks()]
    expect(own).toHaveLength(32)
    await store.close()
    store = openSqliteStore({ dataDir: ':memory:' })
    await keys.compare()
    expect(await list.keys.own()).toEqual(own)
    expect(await list.keys.checks()).toEqual(checks)
  })
})

test('a look-up whose keys cannot be compared any more fails, and leaves no other failure that nobody hears of', async () => {
  const [write] = await open(withKey(one)).keys.current()
  let current: ReturnType<typeof open>['keys']['current'] = () => [write]
  const people = createLookUp(store.suppressions, { current: () => current() })
  const prepared = await people.prepare([jane])
  const unheard: unknown[] = []
  const hear = (error: unknown) => void unheard.push(error)
  process.on('unhandledRejection', hear)
  current = async () => {
    throw new StoreUnavailable('away')
  }
  await expect(people.lookUp(prepared)).rejects.toThrow('away')
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', hear)
  expect(unheard).toEqual([])
})

test('many contacts are prepared in their order, with pauses', async () => {
  const on = open(withKey(one))
  await suppress(on)
  const contacts = Array.from({ length: 1_201 }, (_, index) =>
    index % 400 === 0
      ? { ...jane, whatsapp: jane.phone }
      : { email: undefined, phone: `+3360000${1000 + index}`, whatsapp: undefined },
  )
  const prepared = on.people.prepare(contacts)
  expect(prepared).toBeInstanceOf(Promise)
  const barred = await on.people.lookUp(await prepared)
  const found = contacts.flatMap((_, index) => (barred.on(index, 'phone') === 0 ? [] : [index]))
  expect(found).toEqual([0, 400, 800, 1200])
  expect(barred.on(400, 'whatsapp')).toBe(channelSet(['sms']))
})
