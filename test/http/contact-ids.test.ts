import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway({ clients: { other: { accounts: ['octopush-fr'], lists: ['sms'] } } })
})
afterAll(() => gateway.close())

const uuid = '9b8a7c6d-5e4f-4a3b-2c1d-0e9f8a7b6c5d'

/** Sent as it is: `fetch` would tidy dots and slashes away. */
function rawStatus(method: string, path: string, key = gateway.key()): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const body = method === 'PATCH' ? '{"name":"X"}' : ''
  const { hostname, port } = new URL(gateway.url)
  const headers = {
    authorization: `Bearer ${key}`,
    ...(body !== '' && { 'content-type': 'application/json', 'content-length': String(body.length) }),
  }
  request({ hostname, port, method, path, headers }, (response) => {
    response.resume()
    response.on('end', () => resolve(response.statusCode ?? 0))
  })
    .on('error', reject)
    .end(body)
  return promise
}

const paths = () => {
  const { oblic, octopush, vobiz } = gateway.simulators
  return [oblic, octopush, vobiz].flatMap((simulator) => simulator.requests().map(({ path }) => path))
}

const strange = [
  'vobiz-in',
  'vobiz-in:',
  ':',
  `:${uuid}`,
  uuid,
  `nothing:${uuid}`,
  `VOBIZ-IN:${uuid}`,
  `vobiz-in::${uuid}`,
  'vobiz-in:..',
  'vobiz-in:../contacts',
  `vobiz-in:${uuid}/../x`,
  `vobiz-in:${uuid}?x=1`,
  `vobiz-in:${uuid}#x`,
  `vobiz-in:${uuid}%`,
  `vobiz-in:${uuid}\0`,
  `vobiz-in:${uuid}\n`,
  'vobiz-in:+919876543210',
  'vobiz-in:import',
  'octopush-fr:33612345678',
  'octopush-fr: 33612345678',
  'octopush-fr:+33612345678,+33612345679',
  'octopush-fr:+336123٤٥٦',
  `vobiz-in:${'a'.repeat(300)}`,
  '__proto__:x',
  'constructor:x',
]
/** Encoded once is how ids come; raw, and encoded twice, is what attackers try. */
const spellings = strange.flatMap((id) => [encodeURIComponent(id), encodeURIComponent(encodeURIComponent(id))])
const raw = [
  '..',
  '.',
  '%2e%2e',
  '..%2f..%2fcontacts',
  'vobiz-in:..%2f..',
  'vobiz-in:%2e%2e',
  'vobiz-in:%zz',
  'vobiz-in:%00',
  '%',
  'x/../y',
]

describe('a strange id', () => {
  test.each(['GET', 'PATCH', 'DELETE'])('is 404 or 400 for %s, and no provider is asked', async (method) => {
    for (const prefix of ['/contacts/', '/lists/sms/contacts/']) {
      if (prefix !== '/contacts/' && method !== 'DELETE') continue
      for (const id of [...spellings, ...raw]) {
        // What Octopush cannot do is told whatever the key.
        const expected = method === 'GET' && id.startsWith('octopush-fr%3A') ? [501] : [400, 404]
        expect(expected, `${method} ${prefix}${id}`).toContain(await rawStatus(method, prefix + id))
      }
    }
    expect(paths()).toEqual([])
  })

  test('without one nothing is changed or removed: a slash at the end is the address of all contacts', async () => {
    for (const method of ['PATCH', 'DELETE']) expect(await rawStatus(method, '/contacts/')).toBe(405)
    expect(paths()).toEqual([])
  })
})

describe('an id of an account that the client may not use', () => {
  test.each(['GET', 'PATCH', 'DELETE'])('is the same 404 as one that is not there, for %s', async (method) => {
    const answers = await Promise.all(
      [`vobiz-in:${uuid}`, `nothing:${uuid}`, `oblic-main:${uuid}`].map((id) =>
        gateway.call(method, `/contacts/${encodeURIComponent(id)}`, {
          key: gateway.key('other'),
          ...(method === 'PATCH' && { body: { name: 'X' } }),
        }),
      ),
    )
    for (const { status } of answers) expect(status).toBe(404)
    expect(new Set(answers.map(({ body }) => JSON.stringify({ ...body, instance: '' }))).size).toBe(1)
    expect(paths()).toEqual([])
  })

  test('is not taken off a list through a list of the client', async () => {
    const { status } = await gateway.call('DELETE', `/lists/sms/contacts/${encodeURIComponent(`vobiz-in:${uuid}`)}`, {
      key: gateway.key('other'),
    })
    expect(status).toBe(404)
    expect(paths()).toEqual([])
  })
})

describe('an id in any spelling of its URL', () => {
  test('with its + and : as they are, or encoded', async () => {
    const { octopush } = gateway.simulators
    for (const id of ['octopush-fr:+33612345678', 'octopush-fr%3A%2B33612345678', 'octopush-fr:%2B33612345678']) {
      expect(await rawStatus('DELETE', `/contacts/${id}`)).toBe(204)
      expect(octopush.requests().at(-1)).toMatchObject({ body: { phone_numbers: ['+33612345678'] } })
    }
  })

  test('of the longest account and key is found', async () => {
    const account = `v${'a'.repeat(63)}`
    const own = await startGateway(
      {
        accounts: {
          [account]: {
            provider: 'vobiz',
            credentials: { authId: 'MA_SANDBOX1', authToken: 'vobiz-sandbox-token' },
            baseUrl: gateway.simulators.vobiz.baseUrl,
          },
        },
      },
      gateway.simulators,
    )
    const created = await own.call('POST', `/contacts?account=${account}`, {
      body: { name: 'J', phone: '+919876543210' },
    })
    const read = await own.call('GET', `/contacts/${encodeURIComponent(created.body.id)}`)
    expect([created.status, read.status, read.body.id]).toEqual([201, 200, created.body.id])
    await own.close()
  })
})
