import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Behaviour } from '../../src/simulators/behaviour.ts'
import { contactSource } from '../support/contact-source.ts'
import { heldMemory } from '../support/held-memory.ts'
import { importWhole, upload } from '../support/import-calls.ts'
import { accountOf, type Provider, providers } from '../support/start-fleet.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'
import { startRawServer } from '../transport/raw-server.ts'

/** Answers of providers that would lead the gateway astray, hold it up or make it tell what it must not. */
let gateway: TestGateway
const timeoutMs = 500
beforeEach(async () => {
  const account = { timeoutMs, retries: 0 }
  gateway = await startGateway({
    accounts: { 'oblic-main': account, 'octopush-fr': account, 'vobiz-in': account },
  })
})
afterEach(() => gateway.close())

const contacts = contactSource(60_000)
const send = (contact = contacts(1)[0]) =>
  gateway.call('POST', '/lists/newsletter/contacts', { body: { contacts: [contact] } })
type Outcome = { account: string; status: string; error?: { code: string; detail: string; provider?: object } }
const outcomeAt = (provider: Provider, body: { results: { outcomes: Outcome[] }[] }): Outcome => {
  const found = body.results[0]?.outcomes.find(({ account }) => account === accountOf[provider])
  if (found === undefined) throw new Error(`no outcome at ${provider}`)
  return found
}
/** The writes alone: Octopush's list is made, and Vobiz can be asked. */
const writeAt = { oblic: '/add', octopush: '/contact/create', vobiz: '/contacts' } as const

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308] as const)(
    '%i to another host is not followed, and nothing goes there',
    async (status) => {
      const thief = await startRawServer({
        request: (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'),
      })
      const location = `http://127.0.0.1:${thief.port}/steal`
      for (const provider of providers)
        gateway.simulators[provider].setBehaviour({
          redirect: { location, status },
          match: { path: writeAt[provider] },
        })
      const { body, text } = await send()
      for (const provider of providers)
        expect(outcomeAt(provider, body)).toMatchObject({ status: 'unknown', error: { code: 'provider_redirect' } })
      expect(text).not.toContain('steal')
      expect(thief.connections().opened).toBe(0)
      expect(thief.received()).toBe('')
      await thief.close()
    },
  )
})

const json = (text: string) => ({
  garbage: { status: 200, text, contentType: 'application/json', when: 'after' as const },
})
const unusable: [name: string, behaviour: Behaviour, code: string][] = [
  ['2 GB', { giantBody: 2 * 1024 ** 3 }, 'provider_unreadable'],
  ['endless chunks', { giantBody: 'endless' }, 'provider_unreadable'],
  ['a drip', { drip: { bytes: 1, intervalMs: 200 } }, 'provider_timeout'],
  ['invalid JSON', json('{"status":"success","items":['), 'provider_unreadable'],
  ['HTML', { garbage: { when: 'after' } }, 'provider_unreadable'],
  ['an array', json('[]'), 'provider_unreadable'],
  ['null', json('null'), 'provider_unreadable'],
  ['nothing', json(''), 'provider_unreadable'],
  ['wrong types', json('{"status":1,"items":"x","contacts":{},"id":7}'), 'provider_unreadable'],
  ['members of the prototype', json('{"__proto__":{"status":"success"},"constructor":1}'), 'provider_unreadable'],
  ['deep brackets', json('['.repeat(100_000)), 'provider_unreadable'],
]

describe('an answer of no use', () => {
  test.each(unusable)('%s: bounded in time and size, and never taken for success', async (_name, behaviour, code) => {
    for (const provider of ['oblic', 'octopush'] as const)
      gateway.simulators[provider].setBehaviour({
        ...behaviour,
        match: { path: writeAt[provider] },
      } as Behaviour<never>)
    // Its search answers as badly, so that nothing can be settled by asking.
    gateway.simulators.vobiz.setBehaviour(behaviour as Behaviour<never>)
    const before = heldMemory()
    const startedAt = performance.now()
    const { status, body } = await send()
    expect(performance.now() - startedAt).toBeLessThan(6 * timeoutMs + 2_000)
    expect(heldMemory() - before).toBeLessThan(200 * 1024 * 1024)
    expect(status).toBe(207)
    for (const provider of providers)
      expect(outcomeAt(provider, body)).toMatchObject({ status: 'unknown', error: { code } })
    expect(gateway.simulators.oblic.counts().sends).toBe(1)
  })
})

const strange = [
  '99999999999',
  '-1',
  'abc',
  '',
  '1e9',
  'Fri, 31 Dec 9999 23:59:59 GMT',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  '0',
]

describe('Retry-After', () => {
  type Busy = { readonly answer: Answer; readonly calls: number; readonly tookMs: number }
  const deadlineMs = 3_000
  /** Each at a gateway of its own, and all at once: whoever is told to wait waits. */
  let busy: ReadonlyMap<string, Busy>
  beforeAll(async () => {
    const ask = async (retryAfter: string): Promise<[string, Busy]> => {
      const eager = await startGateway({ limits: { deadlineMs } })
      const { vobiz } = eager.simulators
      vobiz.setBehaviour({ rateLimit: { retryAfter } })
      const startedAt = performance.now()
      const answer = await eager.call('POST', '/contacts?account=vobiz-in', { body: contacts(1)[0] })
      const tookMs = performance.now() - startedAt
      const calls = vobiz.requestTotal()
      await eager.close()
      return [retryAfter, { answer, calls, tookMs }]
    }
    busy = new Map(await Promise.all(strange.map(ask)))
  })

  test.each(strange)(
    '"%s" for one contact: at most three calls, all within the deadline, and a sane number for the caller',
    (retryAfter) => {
      const { answer, calls, tookMs } = busy.get(retryAfter) as Busy
      // The deadline, and what a busy machine adds.
      expect(tookMs).toBeLessThan(2 * deadlineMs)
      expect([answer.status, answer.body.code]).toEqual([503, 'provider-busy'])
      expect(calls).toBeGreaterThan(0)
      expect(calls).toBeLessThanOrEqual(3)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(3_600)
    },
  )

  test.each(['99999999999', '-1', 'abc'])(
    '"%s" for an import: no hot loop',
    async (retryAfter) => {
      const { oblic } = gateway.simulators
      oblic.setBehaviour({ rateLimit: { retryAfter } })
      const { status, body } = await upload(gateway, { csv: 'name,email,phone\nA,a@example.com,+919876543210\n' })
      expect(status).toBe(202)
      // Three tries: that the third comes at all shows that nothing waits for 3,000 years.
      const tries = () => oblic.requests().map(({ at }) => Date.parse(at))
      await expect.poll(() => tries().length, { timeout: 15_000, interval: 20 }).toBeGreaterThanOrEqual(3)
      const [first = 0, second = 0, third = 0] = tries()
      expect(second - first).toBeGreaterThan(200)
      expect(third - second).toBeGreaterThan(400)
      await gateway.call('POST', `/imports/${body.id}/cancel`)
      oblic.setBehaviour({})
    },
    30_000,
  )
})

describe('the words of a provider', () => {
  const said = (): Record<Provider, string> => {
    const { oblic, octopush, vobiz } = gateway.simulators.credentials
    const message = (secrets: readonly string[]) =>
      `bad: ${secrets.join(' ')} ${secrets.map((secret) => Buffer.from(secret).toString('base64')).join(' ')} of victim@other.example +33698765432`
    return {
      oblic: JSON.stringify({
        status: 'error',
        data: null,
        errors: [{ cd: 'INVALID_EMAIL', message: message([oblic.apiKey]) }],
      }),
      octopush: JSON.stringify({ code: 123, message: message([octopush.apiKey, octopush.apiLogin]) }),
      vobiz: JSON.stringify({ error: message([vobiz.authToken, vobiz.authId]), message: message([vobiz.authToken]) }),
    }
  }

  test.each([400, 401, 422, 500] as const)(
    'our credentials and another contact in a %i stand in no answer and no log line',
    async (status) => {
      for (const provider of providers)
        gateway.simulators[provider].setBehaviour({
          garbage: { status, text: said()[provider], contentType: 'application/json' },
          match: { path: writeAt[provider] },
        } as Behaviour<never>)
      const batch = await send()
      const singles = await Promise.all(
        providers.map((provider) =>
          gateway.call('POST', `/contacts?account=${accountOf[provider]}`, { body: contacts(1)[0] }),
        ),
      )
      const { oblic, octopush, vobiz } = gateway.simulators.credentials
      const secrets = [oblic.apiKey, octopush.apiKey, octopush.apiLogin, vobiz.authToken, vobiz.authId]
      const told = [batch, ...singles].map(({ text }) => text).join('\n')
      expect(told).toContain('[redacted]')
      for (const text of [
        ...secrets,
        ...secrets.map((secret) => Buffer.from(secret).toString('base64').replace(/=+$/, '')),
        'victim@other',
        '33698765432',
      ])
        expect(told + gateway.logged()).not.toContain(text)
    },
  )
})

describe('a number that has opted out', () => {
  /** Octopush is the one provider that keeps opt-outs; the gateway keeps none, and has to ask for each to be heeded. */
  const gone = { name: 'Gone Away', email: 'gone@example.com', phone: '+33612340404' }
  const subscribed = () =>
    gateway.simulators.octopush.contacts().some(({ phone_number }) => phone_number === gone.phone)

  test('is not subscribed again; the caller hears why where the answer proves it by its other items', async () => {
    const csv = `name,email,phone\n${gone.name},${gone.email},${gone.phone}\nB,b@example.com,+33612345678\n`
    for (const onConflict of ['update', 'skip']) {
      const done = await importWhole(gateway, { list: 'sms', csv, options: { onConflict } })
      const report = await gateway.call('GET', `/imports/${done.id}/errors`)
      expect(report.body.items).toMatchObject([{ line: 2, status: 'rejected', code: 'blacklisted' }])
      const contacts = [gone, { name: 'B', email: 'b@example.com', phone: '+33612345678' }]
      const batch = await gateway.call('POST', '/lists/sms/contacts', { body: { contacts, onConflict } })
      expect(batch.body.results[0].outcomes[0]).toMatchObject({ status: 'rejected', error: { code: 'blacklisted' } })
      // An answer without any item may have another reason.
      const one = await gateway.call('POST', '/lists/sms/contacts', { body: { contacts: [gone], onConflict } })
      expect(one.body.results[0].outcomes[0]).toMatchObject({
        status: 'unknown',
        error: { code: 'provider_unreadable' },
      })
    }
    // Nobody else is in the answer: that this one is missing proves nothing, and the caller hears what it may mean.
    const alone = await gateway.call('POST', '/contacts?account=octopush-fr', { body: gone })
    expect([alone.status, alone.body.code]).toEqual([504, 'outcome-unknown'])
    expect(alone.body.detail).toContain('opted out')
    expect(subscribed()).toBe(false)
    const writes = gateway.simulators.octopush.requests().filter(({ path }) => path.includes('/contact/create'))
    expect(writes.length).toBeGreaterThanOrEqual(5)
    for (const { body } of writes) expect(body).toMatchObject({ auto_remove_blacklisted_numbers: true })
  })
})
