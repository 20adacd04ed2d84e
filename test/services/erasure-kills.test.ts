import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { statusOfErasure } from '../../src/domain/erasure.ts'
import { channelBits } from '../../src/domain/suppression.ts'
import { createImportEraser } from '../../src/imports/erase/erase-from-imports.ts'
import { BlockEncoder, RowBlock } from '../../src/imports/rows/row-block.ts'
import { YieldToCallers } from '../../src/imports/rows/yield-to-callers.ts'
import type { Account } from '../../src/providers/account.ts'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { createErasures } from '../../src/services/erasures/erasures.ts'
import type { Store } from '../../src/services/store-port.ts'
import { createSuppressionKeys } from '../../src/services/suppressions/suppression-keys.ts'
import { createVobizSimulator, defaultVobizCredentials } from '../../src/simulators/vobiz.ts'
import { openStore } from '../../src/store/open-store.ts'
import { recordOf } from '../conformance/import-store-under-test.ts'
import { accountAt } from '../support/account-at.ts'
import { lookUpIds } from '../support/look-up-ids.ts'

const simulator = createVobizSimulator()
const forms = ['+525512345678', '+5215512345678'] as const
const other = '+525587654321'
const minuteMs = 60_000
const log = { debug: () => {}, error: () => {} }
const settings = { emailAttribute: 'email' }
/** What a process that died had open. */
const opened: Account[] = []
beforeAll(async () => {
  await simulator.listen()
})
afterAll(async () => {
  await Promise.all(opened.map(({ channel }) => channel.close()))
  await simulator.close()
})

/** A process that dies: what it asks for after so many steps is never answered, be it done or not. */
class Life {
  #steps: number
  readonly #isDone: boolean
  readonly #died = Promise.withResolvers<'died'>()

  constructor(steps: number, isDone: boolean) {
    this.#steps = steps
    this.#isDone = isDone
  }

  until(work: Promise<unknown>): Promise<unknown> {
    return Promise.race([work, this.#died.promise])
  }

  /** The same object, whose methods are steps. */
  over<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (own, name) => {
        const member = Reflect.get(own, name) as unknown
        if (typeof member !== 'function') return member
        return async (...parts: unknown[]) => {
          this.#steps -= 1
          if (this.#steps < 0 && !(this.#steps === -1 && this.#isDone)) return this.#die()
          const result = await (member as (...given: unknown[]) => unknown).apply(own, parts)
          return this.#steps < 0 ? this.#die() : result
        }
      },
    })
  }

  #die(): Promise<never> {
    this.#died.resolve('died')
    return new Promise(() => {})
  }
}

async function atVobiz(phone: string) {
  const { authId, authToken } = defaultVobizCredentials
  await fetch(`${simulator.baseUrl}/contacts`, {
    method: 'POST',
    headers: { 'X-Auth-ID': authId, 'X-Auth-Token': authToken, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'Xaviera', phone_number: phone }),
  })
}

async function withImport(store: Store): Promise<string> {
  const record = recordOf({ accounts: ['gone'] })
  const draft = await store.imports.begin(record)
  const none = { ref: undefined, name: undefined, firstName: undefined, lastName: undefined, whatsapp: undefined }
  const encoder = new BlockEncoder()
  for (const [at, phone] of [forms[1], other, forms[0]].entries())
    encoder.add(
      {
        contact: { ...none, email: undefined, phone, tags: [], attributes: {} },
        warnings: [],
        error: undefined,
        refusal: undefined,
        repeats: [],
        accounts: undefined,
      },
      { row: at + 1, line: at + 2, cells: [phone] },
    )
  await draft.appendBlock(await encoder.encode(), forms.length + 1)
  await draft.publish()
  return record.id
}

function openErasures(store: Store, life: Life, now: () => number) {
  const account = accountAt(vobiz, simulator.baseUrl, { ...defaultVobizCredentials }, settings)
  opened.push(account)
  const place = { account, fields: vobiz.fields(settings) }
  const imports = life.over(store.imports)
  const list = life.over(store.suppressions)
  return createErasures({
    store: life.over(store.erasures),
    list,
    keys: createSuppressionKeys(store.suppressions, { key: undefined, oldKeys: [] }),
    places: new Map([['a', { ...place, account: { ...account, channel: life.over(account.channel) } }]]),
    eraseFromGateway: createImportEraser({ store: imports, yielding: new YieldToCallers(), log }),
    keepMs: 86_400_000,
    now,
  })
}

const contextOf = () => ({ deadlineAt: performance.now() + 20_000, log })

/** Everything that is due within some minutes, until the process dies. */
async function workOff(erasures: ReturnType<typeof openErasures>, life: Life, clock: { now: number }) {
  for (let step = 0; step < 12; step++) {
    const more = await life.until(erasures.workOff(minuteMs, contextOf))
    if (more === 'died') return 'died'
    if (more === false) clock.now += minuteMs
    await setImmediate()
  }
  return 'lived'
}

test.each([true, false])(
  'killed at any point it goes on, and ends as if it had not been; the last step done: %s',
  async (isDone) => {
    for (let steps = 0; ; steps++) {
      const store = await openStore({ dataDir: ':memory:' })
      simulator.reset()
      for (const phone of [...forms, other]) await atVobiz(phone)
      const importId = await withImport(store)
      const clock = { now: Date.parse('2026-11-30T10:00:00Z') }
      const wanted = { addresses: { phone: forms[0] }, client: 'crm', reference: undefined, receivedAt: undefined }
      const first = new Life(steps, isDone)
      const dying = openErasures(store, first, () => clock.now)
      const begun = await first.until(dying.begin(wanted))
      const ended = begun === 'died' ? begun : await workOff(dying, first, clock)

      clock.now += 2 * minuteMs
      const second = new Life(Number.POSITIVE_INFINITY, true)
      const living = openErasures(store, second, () => clock.now)
      // Who was not answered asks again.
      const again = begun === 'died' ? await living.begin(wanted) : undefined
      await workOff(living, second, clock)
      const [found] = (await living.page({ limit: 10 })).items
      expect((await living.page({ limit: 10 })).items).toHaveLength(1)
      const erasure = found?.erasure
      if (erasure === undefined) throw new Error('it is not kept')
      if (again !== undefined) expect(again.id).toBe(erasure.id)
      expect(statusOfErasure(erasure)).toBe('completed')
      expect(erasure).toMatchObject({ accounts: [{ status: 'deleted' }], gateway: { status: 'done', rowsErased: 2 } })
      expect(erasure.addresses).toBeUndefined()
      expect(erasure.suppressionIds).toHaveLength(1)
      expect(await lookUpIds(store.suppressions, erasure.suppressionIds)).toEqual([channelBits['*']])
      expect(simulator.contacts().map((contact) => contact.phone_number)).toEqual([other])
      const block = new RowBlock((await store.imports.readBlock(importId, 0)) as Buffer)
      expect(block.rows(0, 3).map(({ contact }) => contact.phone)).toEqual([undefined, other, undefined])
      await store.close()
      if (ended === 'lived') {
        // Fewer steps than this would not have come to the provider and to the imports.
        expect(steps).toBeGreaterThan(20)
        return
      }
    }
  },
  120_000,
)
