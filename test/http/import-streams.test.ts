import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shareLooks } from '../../src/http/imports/watch-imports.ts'
import type { ImportState } from '../../src/services/import-store-port.ts'
import { parseEvents, untilDone, upload } from '../support/import-calls.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

const people = (rows: number) =>
  `email,name,phone\n${Array.from({ length: rows }, (_, at) => `p${at}@example.com,P${at},+91982${String(at).padStart(7, '0')}`).join('\n')}\n`
const columns = Array.from({ length: 60 }, (_, at) => `${'Quite a long name of a column '.repeat(4)}${at}`)
const wide = `email,name,phone,${columns.join(',')}\n${people(300).split('\n').slice(1, -1).join('\n')}\n`

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway({
    limits: { streamsPerClient: 3 },
    accounts: { 'oblic-main': { maxConcurrency: 1, batchSize: 50 } },
    lists: { mail: { targets: [{ account: 'oblic-main', list: 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7' }] } },
    clients: { other: {} },
  })
  gateway.simulators.oblic.setBehaviour({ latencyMs: 1_500 })
})
afterAll(() => gateway.close())

async function watch(id: string, client = 'crm') {
  const stop = new AbortController()
  const response = await fetch(`${gateway.url}/imports/${id}/events`, {
    headers: { authorization: `Bearer ${gateway.key(client)}` },
    signal: stop.signal,
  })
  return { response, stop: () => stop.abort() }
}

test('a client has so many streams and no more; one that ends makes room, and others have their own', async () => {
  const { body } = await upload(gateway, { list: 'mail', csv: people(300) })
  const others = await upload(gateway, { list: 'mail', csv: people(1), client: 'other' })
  const open = await Promise.all([watch(body.id), watch(body.id), watch(body.id)])
  expect(open.map(({ response }) => response.status)).toEqual([200, 200, 200])
  const fourth = await gateway.call('GET', `/imports/${body.id}/events`)
  expect([fourth.status, fourth.body.code, fourth.headers.get('retry-after')]).toEqual([429, 'rate-limited', '30'])
  expect(fourth.body.detail).toContain('watches 3 imports')
  const foreign = await watch(others.body.id, 'other')
  expect(foreign.response.status).toBe(200)
  foreign.stop()
  open[0]?.stop()
  await expect
    .poll(async () => {
      const again = await watch(body.id)
      again.stop()
      return again.response.status
    })
    .toBe(200)
  for (const { stop } of open) stop()
  await gateway.call('POST', `/imports/${body.id}/cancel`)
})

test('events tell status and numbers; the import itself has its first 20 warnings, and lists have none', async () => {
  const { body } = await upload(gateway, {
    list: 'mail',
    csv: wide,
    options: { mapping: { [columns[0] as string]: null } },
  })
  expect(body.warnings).toHaveLength(20)
  expect(body.moreWarnings).toBe(39)
  // The streams of the test before end at their next look.
  await wait(1_000)
  const { response, stop } = await watch(body.id)
  const reader = response.body?.getReader()
  let text = ''
  while (!text.includes('event: progress')) text += Buffer.from((await reader?.read())?.value as Uint8Array).toString()
  stop()
  const [event] = parseEvents(text.slice(0, text.lastIndexOf('\n\n') + 2))
  const names = ['id', 'status', 'rows', 'progress', 'losses', 'skippedBecause']
  expect(Object.keys(event?.data).filter((name) => !['startedAt', 'etaSeconds'].includes(name))).toEqual(names)
  const listed = (await gateway.call('GET', '/imports')).body.items[0]
  expect(listed).toMatchObject({ id: body.id, options: {} })
  expect(listed).not.toHaveProperty('warnings')
  expect(listed.options).not.toHaveProperty('mapping')
  expect(JSON.stringify(listed).length).toBeLessThan(1_000)
  await gateway.call('POST', `/imports/${body.id}/cancel`)
  const ended = await untilDone(gateway, body.id)
  expect(ended.warnings).toHaveLength(20)
})

test('a name of more than 200 characters is refused, in a file and in a mapping, before anything else', async () => {
  const long = 'n'.repeat(201)
  const file = await upload(gateway, { csv: `email,${long}\na@example.com,1\n` })
  expect([file.status, file.body.code]).toEqual([422, 'file-unreadable'])
  expect(file.body.detail).toMatch(/^Line 1: Column 2 has a name of more than 200 characters\. Shorten it\./)
  const mapped = await upload(gateway, { csv: 'email\na@example.com\n', options: { mapping: { [long]: null } } })
  expect([mapped.status, mapped.body.code]).toEqual([422, 'validation-failed'])
  const fits = await upload(gateway, { csv: `email,${long.slice(1)}\na@example.com,1\n` })
  expect(fits.status).toBe(202)
  const apart = await upload(gateway, { csv: `${'email name '.repeat(20)}\na@example.com\n` })
  expect(apart.body.detail).toContain('name it as the delimiter')
})

test('the looks of all who watch an import are one, and none is left when the gateway closes', async () => {
  let looks = 0
  const closing = new AbortController()
  const get = async (id: string) => {
    looks++
    return { id } as ImportState
  }
  const lookAgain = shareLooks({ get }, closing.signal)
  const some = Array.from({ length: 200 }, () => lookAgain('one', 20))
  await wait(5)
  const states = await Promise.all([...some, lookAgain('one', 500), lookAgain('two', 20)])
  expect([looks, new Set(states.map((state) => state?.id))]).toEqual([2, new Set(['one', 'two'])])
  const last = lookAgain('one', 60_000)
  closing.abort()
  expect([await last, looks]).toEqual([undefined, 2])
})
