import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { defaultCredentials, startSimulators } from '../../src/simulators/start.ts'
import { oblicHeaders, octopushHeaders, send, vobizHeaders } from './provider-calls.ts'

describe('startSimulators', () => {
  it('starts all three on free loopback ports with the base URLs that an account is configured with', async () => {
    const simulators = await startSimulators({ lists: { oblic: ['newsletter-id'], octopush: ['newsletter'] } })
    const { oblic, octopush, vobiz } = simulators
    expect(oblic.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(octopush.baseUrl).toBe(`${octopush.url}/v1/public`)
    expect(vobiz.baseUrl).toBe(`${vobiz.url}/api/v1/messaging`)
    expect(simulators.credentials).toEqual(defaultCredentials)
    const path = '/external/contact-list/v1/newsletter-id/add'
    const contacts = [{ phone_number: '+33612345678' }]
    const answers = await Promise.all([
      send(oblic.baseUrl + path, 'POST', oblicHeaders, [{ name: 'A', email: 'a@example.com' }]),
      send(`${octopush.baseUrl}/contact/create`, 'POST', octopushHeaders, { contacts, list_name: 'newsletter' }),
      send(`${vobiz.baseUrl}/contacts`, 'POST', vobizHeaders, { ...contacts[0], name: 'A' }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 201, 201])
    await simulators.close()
    await expect(fetch(`${oblic.url}/_sim/behaviour`)).rejects.toThrow('fetch failed')
  })

  it('takes other credentials and quirks', async () => {
    const { oblic, vobiz, credentials, close } = await startSimulators({
      credentials: { oblic: { apiKey: 'other' } },
      quirks: { vobiz: { listShape: 'old' } },
    })
    expect(credentials).toEqual({ ...defaultCredentials, oblic: { apiKey: 'other' } })
    expect((await send(`${oblic.baseUrl}/x`, 'GET', oblicHeaders)).status).toBe(401)
    vobiz.reset()
    expect((await send(`${vobiz.baseUrl}/contacts`, 'GET', vobizHeaders)).body).toHaveProperty('meta')
    await close()
  })

  it('leaves none running when one port is taken', async () => {
    const occupied = createServer().listen(0, '127.0.0.1')
    await once(occupied, 'listening')
    const { port } = occupied.address() as AddressInfo
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const freePort = (free.address() as AddressInfo).port
    await once(free.close(), 'close')
    await expect(startSimulators({ ports: { oblic: freePort, vobiz: port } })).rejects.toThrow('EADDRINUSE')
    await expect(fetch(`http://127.0.0.1:${freePort}/_sim/behaviour`)).rejects.toThrow('fetch failed')
    await once(occupied.close(), 'close')
  })
})

describe('npm run simulators', () => {
  // An address of the loopback network of its own, so that the fixed ports are free whatever else runs.
  const host = '127.91.2.3'
  const start = () => spawn(process.execPath, ['src/simulators/main.ts'], { env: { ...process.env, HOST: host } })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'prints addresses and credentials, and stops cleanly on %s',
    async (signal) => {
      const child = start()
      const lines: string[] = []
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line)
        if (line.includes('/_sim/requests')) break
      }
      const text = lines.join('\n')
      for (const part of [
        `http://${host}:9101`,
        `http://${host}:9102/v1/public`,
        `http://${host}:9103/api/v1/messaging`,
        ...Object.values(defaultCredentials).flatMap((credentials) => Object.values(credentials) as string[]),
      ])
        expect(text).toContain(part)
      expect((await fetch(`http://${host}:9103/_sim/behaviour`)).status).toBe(200)
      const hanging = fetch(`http://${host}:9103/_sim/requests`)
      await hanging
      child.kill(signal)
      expect(await once(child, 'exit')).toEqual([0, null])
    },
  )

  it('says why it could not start, and fails', async () => {
    const occupied = createServer().listen(9102, '127.91.2.4')
    await once(occupied, 'listening')
    const child = spawn(process.execPath, ['src/simulators/main.ts'], { env: { ...process.env, HOST: '127.91.2.4' } })
    let errors = ''
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    expect(await once(child, 'close')).toEqual([1, null])
    expect(errors).toContain('EADDRINUSE')
    await once(occupied.close(), 'close')
  })
})
