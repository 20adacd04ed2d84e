import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createKey } from '../../src/config/client-directory.ts'
import type { Behaviour } from '../../src/simulators/behaviour.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { startSimulators } from '../../src/simulators/start.ts'
import { converse } from '../support/converse.ts'
import { type ProxyRule, startFaultProxy } from '../support/fault-proxy.ts'
import { startRedis } from '../support/redis.ts'
import { accountOf, providers } from '../support/start-fleet.ts'
import { startProcess } from '../support/start-process.ts'

/**
 * A process at log level debug meets good and bad requests, failing providers and a failing Redis. Whatever it then
 * printed, answered as a problem or shows as a metric is searched for what was planted, in every way to write it.
 */
const planted = {
  'Oblic key': 'planted-oblic-key-Zx91/+q',
  'Octopush login': 'planted.login@octopush.example',
  'Octopush key': 'planted-octopush-key-77a',
  'Vobiz id': 'MA_PLANTEDVOBIZ01',
  'Vobiz token': 'planted-vobiz-token-b3d0',
  'Redis password': 'planted-redis-pa55/w+rd',
}
const person = {
  name: 'Planted Personname',
  email: 'planted.person@private.example',
  phone: '+919876512345',
  tags: ['planted-tag-vip'],
  attributes: { note: 'planted attribute value', title: 'planted-title' },
}
const personal = {
  name: person.name,
  email: person.email,
  phone: '9876512345',
  tag: 'planted-tag-vip',
  attribute: 'planted attribute value',
  title: 'planted-title',
  ref: 'planted-ref-17',
  search: 'planted-search-word',
  path: 'planted-path-segment',
  body: 'planted-broken-body',
  file: 'planted-file-name',
  cell: 'planted-cell-value',
}

/** A text as it could stand in an output: as it is, URL-encoded, escaped, in hexadecimal, and within any base64. */
function spellings(text: string): string[] {
  const bytes = Buffer.from(text)
  const base64 = [0, 1, 2].flatMap((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // The characters at both ends also depend on what stands beside the text.
    const inner = whole.slice(Math.ceil((offset * 4) / 3), -1)
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
  const encoded = encodeURIComponent(text)
  return [
    text,
    encoded,
    encoded.replaceAll('%20', '+'),
    JSON.stringify(text).slice(1, -1),
    bytes.toString('hex'),
    ...base64,
  ]
}

function findings(where: string, output: string, texts: Readonly<Record<string, string>>): string[] {
  const lower = output.toLowerCase()
  return Object.entries(texts).flatMap(([what, text]) =>
    [...new Set(spellings(text))].flatMap((form) => {
      const at = lower.indexOf(form.toLowerCase())
      return at < 0 ? [] : [`${what} in ${where}: …${output.slice(Math.max(0, at - 150), at + 150)}…`]
    }),
  )
}

test('the search finds a planted text however it is written', () => {
  const secret = planted['Oblic key']
  for (const output of [
    `x ${secret} y`,
    `q=${encodeURIComponent(secret)}&r`,
    `Basic ${Buffer.from(`u:${secret}`).toString('base64')}`,
    `Basic ${Buffer.from(`ab:${secret}:c`).toString('base64url')}`,
    `Basic ${Buffer.from(`abc:${secret}:cd`).toString('base64')}`,
    JSON.stringify({ request: { _header: `GET / HTTP/1.1\r\napi-key: ${secret}\r\n` } }),
    Buffer.from(secret).toString('hex'),
  ])
    expect(findings('it', output, planted), output).toHaveLength(findings('it', output, planted).length || 1)
  expect(findings('it', 'nothing here', planted)).toEqual([])
})

/** What each provider knows of us, and may repeat. */
const knownTo = {
  oblic: planted['Oblic key'],
  octopush: `${planted['Octopush key']} ${planted['Octopush login']}`,
  vobiz: `${planted['Vobiz token']} ${planted['Vobiz id']}`,
} as const
const providerFaults: ((secrets: string) => Behaviour<never>)[] = [
  () => ({ status: 401 }),
  () => ({ status: 500 }),
  () => ({ rateLimit: {} }),
  () => ({ reset: 'before' }),
  () => ({ reset: 'mid-response' }),
  () => ({ hang: 'after' }),
  (secrets) => ({ garbage: { text: `<html>${person.email} ${secrets}</html>` } }),
  (secrets) => ({ redirect: { location: `http://127.0.0.1:9/?k=${encodeURIComponent(secrets)}` } }),
  () => ({ giantBody: 3 * 1024 * 1024 }),
  (secrets) => {
    const message = `${person.email} ${secrets} ${encodeURIComponent(secrets)} ${person.phone}`
    const text = JSON.stringify({ code: 1, error: message, message, errors: [{ cd: 'INVALID_EMAIL', message }] })
    return { garbage: { status: 400, contentType: 'application/json', text } }
  },
]
const redisFaults: ProxyRule[] = [
  { way: 'reset-after' },
  { way: 'cut', after: 2 },
  { way: 'stall-before' },
  { way: 'refuse' },
]

test('no secret and nobody’s data in logs, problems or metrics, whatever fails', {
  timeout: 120_000,
}, async () => {
  const password = planted['Redis password']
  const redis = await startRedis({ args: ['--requirepass', password] })
  onTestFinished(() => redis.stop())
  const toRedis = await startFaultProxy(redis.port)
  onTestFinished(() => toRedis.close())
  const simulators = await startSimulators({
    credentials: {
      oblic: { apiKey: planted['Oblic key'] },
      octopush: { apiLogin: planted['Octopush login'], apiKey: planted['Octopush key'] },
      vobiz: { authId: planted['Vobiz id'], authToken: planted['Vobiz token'] },
    },
  })
  onTestFinished(() => simulators.close())
  const folder = mkdtempSync(join(tmpdir(), 'gateway-leaks-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { key, hash } = createKey('crm')
  const document = gatewayDocument(simulators)
  const quick = { timeoutMs: 200, retries: 1, breaker: { minimumCalls: 1_000, openMs: 100 } }
  writeFileSync(
    join(folder, 'gateway.json'),
    JSON.stringify({
      store: { leaseMs: 1_000 },
      limits: { deadlineMs: 1_500 },
      lists: document.lists,
      accounts: Object.fromEntries(
        Object.entries(document.accounts).map(([id, account]) => [id, { ...account, ...quick }]),
      ),
      clients: {
        crm: {
          keys: [{ hash }],
          networks: ['127.0.0.0/8'],
          scopes: ['contacts:read', 'contacts:write', 'imports', 'admin'],
          lists: ['*'],
          accounts: ['*'],
          rateLimit: { requests: 1_000_000, windowSeconds: 60 },
        },
      },
    }),
  )
  const gateway = await startProcess({
    GATEWAY_CONFIG: join(folder, 'gateway.json'),
    REDIS_URL: `redis://:${encodeURIComponent(password)}@127.0.0.1:${toRedis.port}`,
    DATA_DIR: folder,
    LOG_LEVEL: 'trace',
  })
  onTestFinished(() => void gateway.child.kill('SIGKILL'))

  const problems: string[] = []
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(gateway.url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && {
        body: body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body),
      }),
    })
    const text = await answer.text()
    if (answer.headers.get('content-type') === 'application/problem+json') problems.push(text)
    return answer.status
  }
  let number = 0
  const keyed = () => ({ 'idempotency-key': `planted-idempotency-key-${number++}` })
  const batch = { contacts: [{ ...person, ref: personal.ref }] }
  const everything = async () => {
    const file = new FormData()
    file.append('options', JSON.stringify({ mapping: { [personal.cell]: 'attributes.plan' } }))
    file.append(
      'file',
      new Blob([
        `name,email,phone,${personal.cell}\n${person.name},${person.email},${person.phone},${personal.cell}\n`,
      ]),
      `${personal.file}.csv`,
    )
    // At once: most of them wait for providers that fail.
    await Promise.all([
      call('POST', '/lists/newsletter/contacts', batch, keyed()),
      call('POST', '/lists/newsletter/contacts', batch, { prefer: 'handling=strict' }),
      ...providers.map((provider) => call('POST', `/contacts?account=${accountOf[provider]}`, person, keyed())),
      call('GET', `/contacts?account=vobiz-in&search=${personal.search}`),
      call('GET', `/contacts/octopush-fr%3A%2B91${personal.phone}`),
      call('PATCH', `/contacts/octopush-fr%3A%2B91${personal.phone}`, { name: person.name }),
      call('DELETE', `/contacts/octopush-fr%3A%2B91${personal.phone}`),
      call('POST', '/lists/newsletter/imports', file, keyed()),
    ])
  }
  /** Refused by the gateway itself; what is refused may be somebody's data. */
  const refusals = async () => {
    await call(
      'POST',
      '/lists/newsletter/contacts',
      `{"contacts":[{"name":"${personal.body}","email":"${person.email}"`,
    )
    await call('POST', '/lists/newsletter/contacts', {
      contacts: [{ ...person, [personal.body]: person.email, phone: 17 }],
    })
    await call('POST', '/contacts?account=vobiz-in', {
      ...person,
      phone: `${person.phone}999999999`,
      email: `${person.email}@x`,
    })
    await call('POST', '/contacts?account=vobiz-in', {
      ...person,
      defaultCountry: 'ZZ',
      attributes: { [personal.body]: {} },
    })
    await call('GET', `/${personal.path}/${person.email}?q=${encodeURIComponent(person.name)}&api_key=${key}`)
    await call('GET', `/lists/${personal.path}/contacts?account=${person.email}&cursor=${personal.search}`)
    await call('GET', `/lists/%zz${personal.path}`)
    await call('GET', '/lists', undefined, {
      authorization: `Bearer ${key}x`,
      cookie: person.email,
      'x-request-id': person.email,
    })
    await call('POST', '/lists/newsletter/contacts', batch, { 'idempotency-key': person.email })
    await call('POST', '/lists/newsletter/contacts', batch, { 'content-type': 'text/csv' })
    problems.push(
      await converse(
        gateway.url,
        `GET /${personal.path} HTTP/1.1\r\nauthorization: Bearer ${key}\r\n${person.name}: x y\r\n\r\n`,
      ),
    )
    problems.push(await converse(gateway.url, `${personal.body} ${person.email} ${key}\r\n\r\n`))
  }

  await everything()
  await refusals()
  for (const behaviour of providerFaults) {
    for (const provider of providers) simulators[provider].setBehaviour(behaviour(knownTo[provider]))
    await everything()
  }
  for (const provider of providers) simulators[provider].setBehaviour({})
  for (const rule of redisFaults) {
    await toRedis.set(rule)
    await everything()
    await toRedis.set()
    await expect.poll(() => call('GET', '/readyz'), { timeout: 10_000 }).toBe(200)
  }
  await redis.restart()
  await everything()
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text()
  const document2 = await (await fetch(`${gateway.url}/openapi.json`)).text()
  gateway.child.kill('SIGTERM')
  expect(await gateway.ended).toBe(0)

  const log = gateway.output()
  expect(log.match(/"provider attempt"/g)?.length).toBeGreaterThan(30)
  expect(log).toContain('"event":"store","up":false')
  expect(problems.length).toBeGreaterThan(40)
  const secrets = { ...planted, 'client key': key, 'secret of the client key': key.split('_').slice(2).join('_') }
  const found = [
    ...findings('the log', log, { ...secrets, ...personal, 'idempotency key': 'planted-idempotency-key' }),
    ...findings('the metrics', metrics, { ...secrets, ...personal }),
    ...findings('the OpenAPI document', document2, secrets),
    // A caller's own request may be named to the caller; a secret of the gateway, or what a provider said, not.
    ...findings('a problem', problems.join('\n'), {
      ...secrets,
      email: personal.email,
      phone: personal.phone,
      name: personal.name,
    }),
  ]
  expect(found.slice(0, 10)).toEqual([])
})
