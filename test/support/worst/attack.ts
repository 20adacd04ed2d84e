import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { worstBodies } from './bodies.ts'

/**
 * `node attack.ts <url> <seconds>`, with the key of a client in `KEY`: does the worst that the limits of one client allow, all
 * at once, and prints at its end how often it was answered how. It is a process of its own, so that what it does itself
 * takes nothing from who measures.
 */
const [, , url = '', seconds = '10'] = process.argv
const authorization = `Bearer ${process.env.KEY}`
const endsAt = performance.now() + Number(seconds) * 1_000
const agent = new Agent({ connections: 64 })
const counts: Record<string, number> = {}
const sockets = new Set<Socket>()

const isOver = () => performance.now() > endsAt
const count = (what: string) => {
  counts[what] = (counts[what] ?? 0) + 1
}

async function call(
  what: string,
  method: string,
  path: string,
  more: { headers?: object; body?: Buffer | string } = {},
) {
  try {
    const headers = { authorization, ...more.headers } as Record<string, string>
    const { body } = more
    const answer = await request(url + path, {
      method: method as 'GET',
      headers,
      dispatcher: agent,
      ...(body !== undefined && { body }),
    })
    for await (const _ of answer.body);
    count(`${what} ${answer.statusCode}`)
    return answer.statusCode
  } catch (error) {
    count(`${what} ${(error as NodeJS.ErrnoException).code}`)
    return 0
  }
}

/** Over and over, so many at a time, with a pause after each. */
async function keepAt(width: number, pauseMs: number, work: () => Promise<unknown>): Promise<void> {
  const one = async () => {
    while (!isOver()) {
      await work()
      await wait(pauseMs)
    }
  }
  await Promise.all(Array.from({ length: width }, one))
}

const form = { 'content-type': 'multipart/form-data; boundary=b' }
const part = (file: string) =>
  `--b\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\n${file}\r\n--b--\r\n`
const people = Array.from(
  { length: 2_000 },
  (_, at) => `p${at}@example.com,P${at},+91982${String(at).padStart(7, '0')}`,
)
const csv = part(`email,name,phone\n${people.join('\n')}\n`)
const refused = [...worstBodies()].map(({ path, headers, body }) => ({ path, headers, body: body as Buffer }))

/** Begins a request and does not go on with its body. */
async function stall(path: string, type: string, length: number): Promise<void> {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: g\r\nAuthorization: ${authorization}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n{`,
  )
  count('stalled')
  await wait(2_000)
}

async function stream(): Promise<void> {
  const answer = await request(`${url}/imports?limit=1`, { headers: { authorization }, dispatcher: agent })
  const { items = [] } = (await answer.body.json()) as { items?: readonly { id: string }[] }
  if (items[0] !== undefined) await call('stream', 'GET', `/imports/${items[0].id}/events`)
}

let next = 0
await Promise.all([
  keepAt(6, 200, () =>
    call(
      'refused body',
      'POST',
      (refused[next++ % refused.length] as { path: string }).path,
      refused[next % refused.length],
    ),
  ),
  keepAt(8, 300, () => call('import', 'POST', '/lists/mail/imports', { headers: form, body: csv })),
  keepAt(30, 200, stream),
  keepAt(20, 0, () => stall('/lists/mail/imports', form['content-type'], 40_000_000)),
  keepAt(20, 0, () => stall('/lists/mail/contacts', 'application/json', 1_900_000)),
  keepAt(4, 20, () => call('wrong key', 'GET', '/lists', { headers: { authorization: 'Bearer cgw_crm_wrong' } })),
  keepAt(8, 10, () => call('open', 'GET', '/metrics')),
  keepAt(2, 20, () => call('imports', 'GET', '/imports?limit=100')),
])
for (const socket of sockets) socket.destroy()
await agent.destroy()
console.log(JSON.stringify(counts))
