import { Agent, type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { isLongRun } from '../support/long-run.ts'
import { type Replica, startFleet } from '../support/start-fleet.ts'

/**
 * A process is told to end at random moments, while callers send on connections that they keep, one watches an import and
 * one does nothing. Nobody repeats a request.
 */
const rounds = isLongRun ? 100 : 1
const callers = 6
const latencyMs = 40
/** What a request takes at most here, on a machine that has other work too. */
const longestRequestMs = isLongRun ? 1_000 : 2_000

type Call = { readonly status?: number; readonly connection?: string | undefined; readonly failed?: string }

/** Sends one contact after the other on one connection at a time, until nobody listens any more. */
async function sendOn(url: string, authorization: string, name: string): Promise<readonly Call[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const calls: Call[] = []
  const send = (number: number) =>
    new Promise<Call>((resolve) => {
      const body = JSON.stringify({ name: 'Jane', phone: `+9198765${name}${String(number).padStart(4, '0')}` })
      const sent = request(`${url}/contacts?account=vobiz-in`, {
        agent,
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
      })
      sent.on('error', (error: NodeJS.ErrnoException) => resolve({ failed: error.code ?? error.message }))
      sent.on('response', (response: IncomingMessage) => {
        response.resume()
        response.on('end', () =>
          resolve({ status: response.statusCode as number, connection: response.headers.connection }),
        )
        response.on('error', (error) => resolve({ failed: error.message }))
      })
      sent.end(body)
    })
  for (let number = 0; calls.at(-1)?.failed === undefined; number++) calls.push(await send(number))
  agent.destroy()
  return calls
}

/** Everything that comes on a connection on which one request was made, until it ends. */
function readAll(url: string, head: string): { readonly socket: Socket; readonly text: Promise<string> } {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes
  })
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  socket.on('error', () => {})
  socket.write(head)
  return { socket, text: ended }
}

/** Uploads an import that takes a while; resolves with what comes of its events, when they have ended. */
async function watchImport({ url, authorization }: Replica): Promise<{ readonly text: Promise<string> }> {
  const form = new FormData()
  const rows = Array.from({ length: 3_000 }, (_, n) => `P${n},p${n}@example.com`)
  form.set('file', new Blob([`name,email\n${rows.join('\n')}\n`]), 'people.csv')
  const accepted = await fetch(`${url}/lists/mail/imports`, { method: 'POST', headers: { authorization }, body: form })
  const { id } = (await accepted.json()) as { readonly id: string }
  const events = await fetch(`${url}/imports/${id}/events`, { headers: { authorization } })
  return { text: events.text() }
}

test.for([0, 1_000])(
  'SIGTERM at a random moment, with a drain delay of %i ms: every request is answered, each last answer of a connection says so, and the process ends with 0 in time',
  {
    timeout: isLongRun ? 1_200_000 : 90_000,
  },
  async (drainDelayMs) => {
    // The imports of earlier rounds are still going on.
    const fleet = await startFleet({ replicas: 0, limits: { importsPerClient: 2 * rounds } })
    onTestFinished(() => fleet.close())
    fleet.simulators.vobiz.setBehaviour({ latencyMs })
    fleet.simulators.oblic.setBehaviour({ latencyMs: 300 })
    for (let round = 0; round < rounds; round++) {
      const replica = await fleet.start({ DRAIN_DELAY_MS: String(drainDelayMs) })
      const { url, authorization } = replica
      const sending = Array.from({ length: callers }, (_, n) => sendOn(url, authorization, String(n)))
      const idle = readAll(url, 'GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n')
      const events = await watchImport(replica)
      await wait(300 + Math.random() * 200)
      const toldAt = performance.now()
      process.kill(replica.pid, 'SIGTERM')
      await replica.ended
      const tookMs = performance.now() - toldAt
      expect(await replica.ended, replica.output()).toBe(0)
      expect(tookMs).toBeLessThan(drainDelayMs + longestRequestMs + 1_000)
      for (const calls of await Promise.all(sending)) {
        expect(calls.at(-1)).toEqual({ failed: 'ECONNREFUSED' })
        const answers = calls.slice(0, -1)
        expect(answers.filter(({ status }) => status !== 201 && status !== 200)).toEqual([])
        expect(answers.at(-1)?.connection).toBe('close')
      }
      expect((await events.text).trim().split('\n\n').at(-1)).toMatch(/^event: shutdown\nretry: 1000\ndata: \{/)
      expect(await idle.text).toMatch(/^HTTP\/1\.1 200 /)
      const phases = [...replica.output().matchAll(/"event":"shutdown","phase":"(\w+)"/g)].map(([, phase]) => phase)
      expect(phases).toEqual(['draining', 'closing', 'ended'])
    }
  },
)
