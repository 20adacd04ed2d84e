import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OutcomeStatus } from '../../src/domain/outcome.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
const timeoutMs = 400
beforeEach(async () => {
  const limit = { timeoutMs, retries: 0 }
  gateway = await startGateway({ accounts: { 'oblic-main': limit, 'octopush-fr': limit, 'vobiz-in': limit } })
})
afterEach(() => gateway.close())

const contact = { name: 'Jane Smith', email: 'jane@example.com', phone: '+919876543210' }
const send = () => gateway.call('POST', '/lists/newsletter/contacts', { body: { contacts: [contact] } })

type Fault = { name: string; behaviour: object; expected: Record<Provider, `${OutcomeStatus} ${string}`> }
type Provider = 'oblic' | 'octopush' | 'vobiz'
const accountOf = { oblic: 'oblic-main', octopush: 'octopush-fr', vobiz: 'vobiz-in' } as const
/** The write of each provider, so that Octopush's list is made before the fault strikes. */
const writeOf = { oblic: '/add', octopush: '/contact/create', vobiz: '/contacts' } as const

const everywhere = (expected: `${OutcomeStatus} ${string}`) => ({
  oblic: expected,
  octopush: expected,
  vobiz: expected,
})

const faults: Fault[] = [
  { name: '401', behaviour: { status: 401 }, expected: everywhere('failed provider_credentials false') },
  { name: '429', behaviour: { rateLimit: {} }, expected: everywhere('failed provider_rate_limited true') },
  {
    name: '500',
    behaviour: { status: 500 },
    expected: {
      oblic: 'unknown provider_unavailable false',
      octopush: 'unknown provider_unavailable true',
      vobiz: 'unknown provider_unavailable true',
    },
  },
  {
    name: 'HTML with 200',
    behaviour: { garbage: { status: 200, text: '<html>oops</html>', contentType: 'text/html' } },
    expected: {
      oblic: 'unknown provider_unreadable false',
      octopush: 'unknown provider_unreadable true',
      vobiz: 'unknown provider_unreadable true',
    },
  },
  {
    name: '2 GB',
    behaviour: { giantBody: 2 * 1024 ** 3 },
    expected: {
      oblic: 'unknown provider_unreadable false',
      octopush: 'unknown provider_unreadable true',
      vobiz: 'unknown provider_unreadable true',
    },
  },
  {
    name: 'a redirect',
    behaviour: { redirect: { location: 'http://127.0.0.1:9/steal', status: 307 } },
    expected: {
      oblic: 'unknown provider_redirect false',
      octopush: 'unknown provider_redirect true',
      vobiz: 'unknown provider_redirect true',
    },
  },
  {
    name: 'nothing',
    behaviour: { hang: 'before' },
    expected: {
      oblic: 'unknown provider_timeout false',
      octopush: 'unknown provider_timeout true',
      vobiz: 'unknown provider_timeout true',
    },
  },
  {
    name: 'a closed connection',
    behaviour: { reset: 'before' },
    expected: {
      oblic: 'unknown provider_timeout false',
      octopush: 'unknown provider_timeout true',
      vobiz: 'unknown provider_timeout true',
    },
  },
  {
    name: 'half an answer',
    behaviour: { reset: 'mid-response' },
    expected: {
      oblic: 'unknown provider_timeout false',
      octopush: 'unknown provider_timeout true',
      vobiz: 'unknown provider_timeout true',
    },
  },
]

const cases = faults.flatMap((fault) =>
  (['oblic', 'octopush', 'vobiz'] as const).map((provider) => ({ ...fault, provider })),
)

describe('a provider that answers', () => {
  test.each(cases)(
    '$name at $provider has its outcome at that account alone',
    async ({ behaviour, expected, provider }) => {
      // A search of the contact fails as the write does, so that nothing can be settled by asking.
      gateway.simulators[provider].setBehaviour({ ...behaviour, match: { path: writeOf[provider] } })
      const { status, body, text } = await send()
      expect(status).toBe(207)
      for (const outcome of body.results[0].outcomes) {
        const { account, status: state, error } = outcome
        if (account === accountOf[provider])
          expect(`${state} ${error.code} ${error.retriable}`).toBe(expected[provider])
        else expect(['accepted', 'created']).toContain(state)
      }
      for (const secret of secrets()) expect(text + gateway.logged()).not.toContain(secret)
    },
  )

  test('an applied write and no answer: Vobiz is asked and tells, Oblic stays unknown', async () => {
    gateway.simulators.vobiz.setBehaviour({ hang: 'after', match: { method: 'POST' }, times: 1 })
    gateway.simulators.oblic.setBehaviour({ hang: 'after' })
    const { body } = await send()
    const states = Object.fromEntries(
      body.results[0].outcomes.map(({ account, status }: { account: string; status: string }) => [account, status]),
    )
    expect(states).toEqual({ 'oblic-main': 'unknown', 'octopush-fr': 'created', 'vobiz-in': 'created' })
    expect(gateway.simulators.vobiz.contacts()).toHaveLength(1)
    expect(gateway.simulators.oblic.contacts()).toHaveLength(1)
  })

  test.each([401, 403] as const)(
    'a refusal with %i names both of its causes where a list of addresses is kept, and one elsewhere',
    async (status) => {
      gateway.simulators.oblic.setBehaviour({ quirks: { ipNotWhitelisted: status } })
      gateway.simulators.octopush.setBehaviour({ status })
      const { body } = await send()
      const [ofOblic, ofOctopush] = body.results[0].outcomes
      expect(ofOblic.error).toMatchObject({ code: 'provider_credentials', retriable: false })
      expect(ofOblic.error.detail).toMatch(
        /credentials.* the address that the gateway calls from is not on the allowlist/,
      )
      expect(ofOctopush.error.code).toBe('provider_credentials')
      expect(ofOctopush.error.detail).not.toContain('address')
      expect(gateway.logged()).toContain('is not on the allowlist of the account there')
    },
  )

  test('nobody listens: nothing was sent, so it certainly failed', async () => {
    const closed = await startGateway(
      { accounts: { 'oblic-main': { baseUrl: 'http://127.0.0.1:1' } } },
      gateway.simulators,
    )
    const { body } = await closed.call('POST', '/lists/newsletter/contacts', { body: { contacts: [contact] } })
    expect(body.results[0].outcomes[0]).toMatchObject({
      status: 'failed',
      error: { code: 'provider_unreachable', retriable: true },
    })
    await closed.close()
  })

  test('its own words come cut and without credentials or personal data', async () => {
    const message = `key oblic-sandbox-key of jane@example.com +919876543210 ${'x'.repeat(2000)}`
    const answer = JSON.stringify({ status: 'error', data: null, errors: [{ cd: 'INVALID_EMAIL', message }] })
    gateway.simulators.oblic.setBehaviour({ garbage: { status: 400, text: answer, contentType: 'application/json' } })
    const { body } = await send()
    const { error } = body.results[0].outcomes[0]
    expect(error).toMatchObject({ code: 'rejected_by_provider', provider: { status: 400, code: 'INVALID_EMAIL' } })
    expect(error.provider.message).toMatch(/^key \[redacted\] of \[e-mail\] \[number\] x+$/)
    expect(error.provider.message.length).toBeLessThanOrEqual(500)
  })
})

function secrets(): string[] {
  const { oblic, octopush, vobiz } = gateway.simulators.credentials
  const plain = [oblic.apiKey, octopush.apiKey, octopush.apiLogin, vobiz.authToken, vobiz.authId, gateway.key()]
  return plain.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ])
}
