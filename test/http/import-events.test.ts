import { expect, test } from 'vitest'
import { addsUp, importWhole, parseEvents, type ServerSentEvent, untilDone, upload } from '../support/import-calls.ts'
import { startTurnClock } from '../support/turn-clock.ts'
import { withImportStores } from '../support/with-import-stores.ts'

/** As many rows as there are chunks at Oblic, and one by one at Vobiz. */
const csvOf = (rows: number) =>
  `name,email,phone\n${Array.from({ length: rows }, (_, n) => `P${n},p${n}@example.com,+91982${String(n).padStart(7, '0')}`).join('\n')}\n`

const changes = {
  accounts: { 'oblic-main': { maxConcurrency: 2 } },
  lists: { mail: { targets: [{ account: 'oblic-main', list: 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7' }] } },
  clients: { other: {} },
}

withImportStores('with %s, an import that takes a while', { per: 'test', changes }, (gateway) => {
  /** Follows the events from now on; `seen` is the id of the last one that the caller has. */
  const follow = async (id: string, seen?: string) => {
    const stop = new AbortController()
    const response = await fetch(`${gateway.url}/imports/${id}/events`, {
      headers: { authorization: `Bearer ${gateway.key()}`, ...(seen !== undefined && { 'last-event-id': seen }) },
      signal: stop.signal,
    })
    const clock = startTurnClock()
    const events: (ServerSentEvent & { readonly at: number; readonly afterMs: number })[] = []
    const read = async () => {
      let text = ''
      const decoder = new TextDecoder()
      for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += decoder.decode(bytes, { stream: true })
        const end = text.lastIndexOf('\n\n') + 2
        const [at, afterMs] = [performance.now(), clock.now()]
        events.push(...parseEvents(text.slice(0, end)).map((event) => ({ ...event, at, afterMs })))
        text = text.slice(end)
      }
    }
    const ended = read()
      .catch(() => undefined)
      .finally(clock.stop)
    return { response, events, ended, stop: () => stop.abort() }
  }

  test('is told of at least once a second, with counts that add up, and then once of its end', async () => {
    const { oblic } = gateway.simulators
    oblic.setBehaviour({ latencyMs: 200 })
    const accepted = await upload(gateway, { list: 'mail', csv: csvOf(1_500) })
    const { response, events, ended } = await follow(accepted.body.id)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-store')
    await ended
    const names = events.map(({ name }) => name)
    expect(names.filter((name) => name === 'done')).toEqual(['done'])
    expect(names.at(-1)).toBe('done')
    expect(names.length).toBeGreaterThanOrEqual(4)
    for (const { data } of events) addsUp(data)
    const times = [0, ...events.map(({ afterMs }) => afterMs)]
    const gaps = times.slice(1).map((at, index) => at - (times[index] as number))
    // 1 s, and what a busy machine adds.
    expect(Math.max(...gaps)).toBeLessThan(1_500)
    const ids = events.map(({ id }) => Number(id))
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b))
    const last = events.at(-1)?.data
    expect(last).toMatchObject({ status: 'completed', progress: { 'oblic-main': { accepted: 1_500, pending: 0 } } })
    const etas = events.flatMap(({ data }) => (data.etaSeconds === undefined ? [] : [data.etaSeconds]))
    expect(etas.length).toBeGreaterThan(0)
    for (const eta of etas) expect(Number.isInteger(eta) && eta >= 0 && eta < 60).toBe(true)
    expect(last.etaSeconds).toBeUndefined()
  })

  test('is told of from where the last listener was; of one that has ended there is its end alone', async () => {
    const { oblic } = gateway.simulators
    oblic.setBehaviour({ latencyMs: 3_000, match: { body: 'p120@example.com' } })
    const accepted = await upload(gateway, { list: 'mail', csv: csvOf(200) })
    const first = await follow(accepted.body.id)
    await expect.poll(() => first.events.at(-1)?.data.progress['oblic-main'].accepted).toBe(100)
    const seen = first.events.at(-1)?.id as string
    first.stop()
    const again = await follow(accepted.body.id, seen)
    const whole = await follow(accepted.body.id)
    // Who has seen all hears nothing at once, and then no less often than others.
    await expect.poll(() => again.events, { timeout: 3_000 }).not.toEqual([])
    expect(again.events[0]?.at).toBeGreaterThan((whole.events[0]?.at as number) + 400)
    expect([again.events[0]?.id, whole.events[0]?.id]).toEqual([seen, seen])
    again.stop()
    whole.stop()

    const done = await importWhole(gateway, { list: 'sms', csv: csvOf(1) })
    for (const id of [undefined, '0', '99999', 'x']) {
      const late = await follow(done.id, id)
      await late.ended
      expect(late.events.map(({ name, data }) => [name, data.status])).toEqual([['done', 'completed']])
    }
  })

  test('is not told of again to who has heard its end, and to HEAD not at all', async () => {
    const done = await importWhole(gateway, { list: 'sms', csv: csvOf(1) })
    const heard = await follow(done.id)
    await heard.ended
    const again = await follow(done.id, heard.events.at(-1)?.id as string)
    await again.ended
    expect([again.response.status, again.events]).toEqual([204, []])
    const headers = { authorization: `Bearer ${gateway.key()}` }
    const head = await fetch(`${gateway.url}/imports/${done.id}/events`, { method: 'HEAD', headers })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  })

  test('is told of once a second even while a provider is silent', async () => {
    gateway.simulators.oblic.setBehaviour({ latencyMs: 2_600 })
    const accepted = await upload(gateway, { list: 'mail', csv: csvOf(1) })
    const { events, ended } = await follow(accepted.body.id)
    await ended
    expect(events.map(({ name }) => name)).toEqual([...Array(events.length - 1).fill('progress'), 'done'])
    expect(events.length).toBeGreaterThanOrEqual(4)
  })

  test('is no longer told of when the gateway closes, and that is said', async () => {
    gateway.simulators.oblic.setBehaviour({ latencyMs: 500 })
    const accepted = await upload(gateway, { list: 'mail', csv: csvOf(1_000) })
    const { events, ended } = await follow(accepted.body.id)
    await expect.poll(() => events.length).toBeGreaterThan(0)
    const closing = gateway.gateway.close()
    await ended
    expect(events.map(({ name }) => name)).not.toContain('done')
    expect(events.at(-1)).toMatchObject({
      name: 'shutdown',
      data: { detail: expect.stringContaining('Connect again') },
    })
    await closing
  })

  test('stops between batches when it is canceled: what was sent stays counted, the rest is pending', async () => {
    const { oblic } = gateway.simulators
    oblic.setBehaviour({ latencyMs: 150 })
    const accepted = await upload(gateway, { list: 'mail', csv: csvOf(3_000) })
    const { events } = await follow(accepted.body.id)
    await expect.poll(() => events.at(-1)?.data.progress['oblic-main'].accepted ?? 0).toBeGreaterThan(0)
    const canceled = await gateway.call('POST', `/imports/${accepted.body.id}/cancel`)
    expect([canceled.status, canceled.body.status]).toEqual([202, 'canceled'])
    addsUp(canceled.body)
    // What was on its way is counted when it is back; then nothing moves any more.
    await expect
      .poll(async () => {
        const { body } = await gateway.call('GET', `/imports/${accepted.body.id}`)
        addsUp(body)
        return (
          body.progress['oblic-main'].accepted === oblic.counts().sends &&
          oblic.requestTotal() * 100 === oblic.counts().sends
        )
      })
      .toBe(true)
    const { body } = await gateway.call('GET', `/imports/${accepted.body.id}`)
    expect(body.status).toBe('canceled')
    expect(body.finishedAt).toBeDefined()
    expect(body.progress['oblic-main'].accepted).toBe(oblic.counts().total)
    expect(body.progress['oblic-main'].pending).toBe(3_000 - oblic.counts().total)
    expect(body.progress['oblic-main'].pending).toBeGreaterThan(0)
    const again = await gateway.call('POST', `/imports/${accepted.body.id}/cancel`)
    expect([again.status, again.text]).toEqual([202, JSON.stringify(body)])
    // The account is free for others.
    oblic.setBehaviour({})
    const next = await importWhole(gateway, { list: 'mail', csv: 'name,email\nNext,next@example.com\n' })
    expect(next.progress['oblic-main']).toMatchObject({ accepted: 1 })
  })

  test('that has ended stays as it was when it is canceled', async () => {
    const done = await importWhole(gateway, { list: 'mail', csv: csvOf(1) })
    const answer = await gateway.call('POST', `/imports/${done.id}/cancel`)
    expect([answer.status, answer.body]).toEqual([202, done])
  })

  test("does not keep another client's small import waiting", async () => {
    const { oblic } = gateway.simulators
    oblic.setBehaviour({ latencyMs: 50 })
    const large = await upload(gateway, { list: 'mail', csv: csvOf(12_000) })
    const small = await upload(gateway, { list: 'mail', csv: 'name,email\nB,b@example.com\n', client: 'other' })
    const done = await untilDone(gateway, small.body.id, 'other')
    expect(done.status).toBe('completed')
    const { body } = await gateway.call('GET', `/imports/${large.body.id}`)
    // It had its turn after the blocks that were being sent.
    expect(body.progress['oblic-main'].pending).toBeGreaterThan(8_000)
    await gateway.call('POST', `/imports/${large.body.id}/cancel`)
  })

  test('lets single adds go first', async () => {
    const { oblic } = gateway.simulators
    oblic.setBehaviour({ latencyMs: 100 })
    const large = await upload(gateway, { list: 'mail', csv: csvOf(4_000) })
    await oblic.waitForRequest(({ path }) => path.includes('/add'))
    const took: number[] = []
    for (let n = 0; n < 5; n++) {
      const startedAt = performance.now()
      const answer = await gateway.call('POST', '/lists/mail/contacts', {
        body: { contacts: [{ name: 'Single', email: `single-${n}@example.com` }] },
      })
      expect(answer.body.summary.outcomes).toEqual({ accepted: 1 })
      took.push(performance.now() - startedAt)
    }
    // Its own 100 ms and at most one call of the import before it, with room for a busy machine.
    expect(Math.min(...took)).toBeLessThan(400)
    const { body } = await gateway.call('GET', `/imports/${large.body.id}`)
    expect(body.status).toBe('running')
    await gateway.call('POST', `/imports/${large.body.id}/cancel`)
  })
})
