import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'

let simulators: RunningSimulators
let port: string
beforeAll(async () => {
  simulators = await startSimulators()
  port = new URL(simulators.octopush.baseUrl).port
})
afterAll(() => simulators.close())

/** As a browser sends it: a script cannot choose these headers. */
async function reset(headers: Record<string, string>): Promise<number> {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}/_sim/reset`, { method: 'POST', headers })
  await body.dump()
  return statusCode
}

describe('a simulator on loopback is not steered by a page of another site', () => {
  test.each<[name: string, headers: Record<string, string>]>([
    ['a name that was pointed to this machine', { host: 'evil.example' }],
    ['that name with the port', { host: 'evil.example:9102' }],
    ['a name that begins like one of ours', { host: '127.0.0.1.evil.example' }],
    ['a form of another site', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a script of another site without its origin', { 'sec-fetch-site': 'cross-site' }],
  ])('%s', async (_name, headers) => {
    const before = simulators.octopush.requestTotal()
    simulators.octopush.setBehaviour({ latencyMs: 1 })
    expect(await reset(headers)).toBe(403)
    expect(simulators.octopush.behaviour()).toMatchObject({ latencyMs: 1 })
    expect(simulators.octopush.requestTotal()).toBe(before)
  })

  test.each<[name: string, headers: Record<string, string>]>([
    ['a program', {}],
    ['by name', { host: `localhost:9102` }],
    ['over IPv6', { host: '[::1]:9102' }],
    ['a page of this machine', { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-site' }],
  ])('and is by %s', async (_name, headers) => {
    simulators.octopush.setBehaviour({ latencyMs: 1 })
    expect(await reset(headers)).toBe(204)
    expect(simulators.octopush.behaviour()).not.toMatchObject({ latencyMs: 1 })
  })

  test('and nobody guesses what its answers are', async () => {
    const { headers, body } = await request(`http://127.0.0.1:${port}/_sim/contacts`)
    await body.dump()
    expect(headers['x-content-type-options']).toBe('nosniff')
  })
})
