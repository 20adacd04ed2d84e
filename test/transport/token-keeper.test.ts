import { describe, expect, test } from 'vitest'
import type { Failure, TokenGrant } from '../../src/providers/account.ts'
import { TokenKeeper } from '../../src/transport/token-keeper.ts'

type Asked = PromiseWithResolvers<{ readonly ok: TokenGrant } | { readonly failure: Failure }>
const minutes = 60_000

/** A keeper at a provider that answers when a test says so, at a time that it sets. */
function setUp() {
  const asked: Asked[] = []
  const time = { now: 0 }
  const keeper = new TokenKeeper(
    () => {
      asked.push(Promise.withResolvers())
      return (asked.at(-1) as Asked).promise
    },
    () => time.now,
  )
  const take = (timeoutMs = 1_000) => keeper.take(timeoutMs)
  /** Answers the newest request for a token, and takes what it gave. */
  const give = async (token: string, expiresInMs = 10 * minutes) => {
    const waiting = take()
    asked.at(-1)?.resolve({ ok: { token, expiresInMs } })
    const taken = await waiting
    if ('failure' in taken) throw new Error(taken.failure.kind)
    return taken.ok
  }
  return { asked, time, keeper, take, give }
}
const text = (taken: Awaited<ReturnType<TokenKeeper['take']>>) => ('ok' in taken ? taken.ok.text : taken.failure)

describe('a token', () => {
  test('is asked for once, however many wait for it, and then serves them all', async () => {
    const { asked, take } = setUp()
    const waiting = Array.from({ length: 50 }, () => take())
    expect(asked).toHaveLength(1)
    asked[0]?.resolve({ ok: { token: 'first', expiresInMs: 10 * minutes } })
    expect((await Promise.all(waiting)).map(text)).toEqual(Array(50).fill('first'))
    expect(text(await take())).toBe('first')
    expect(asked).toHaveLength(1)
  })

  test('is renewed a minute before its end while it still serves, once', async () => {
    const { asked, time, take, give } = setUp()
    await give('first')
    time.now = 9 * minutes - 1
    expect([text(await take()), asked.length]).toEqual(['first', 1])
    time.now++
    expect([text(await take()), text(await take()), asked.length]).toEqual(['first', 'first', 2])
    asked[1]?.resolve({ ok: { token: 'second', expiresInMs: 10 * minutes } })
    await asked[1]?.promise
    expect([text(await take()), asked.length]).toEqual(['second', 2])
  })

  test('that lives a minute is renewed a fifth before its end', async () => {
    const { asked, time, take, give } = setUp()
    await give('short', minutes)
    time.now = 47_999
    await take()
    expect(asked).toHaveLength(1)
    time.now++
    await take()
    expect(asked).toHaveLength(2)
  })

  test('is not sent when it could end on the way, and its life is counted from when it was asked for', async () => {
    const { asked, time, take } = setUp()
    const first = take()
    time.now = 4_000
    asked[0]?.resolve({ ok: { token: 'first', expiresInMs: 10 * minutes } })
    expect(text(await first)).toBe('first')
    time.now = 10 * minutes - 5_000
    const second = take()
    asked[1]?.resolve({ ok: { token: 'second', expiresInMs: 10 * minutes } })
    expect(text(await second)).toBe('second')
  })

  test('that could not be renewed early serves to its end, and is tried again five seconds later', async () => {
    const { asked, time, take, give } = setUp()
    await give('first')
    time.now = 9 * minutes
    await take()
    asked[1]?.resolve({ failure: { kind: 'unavailable' } })
    await asked[1]?.promise
    time.now += 4_999
    expect([text(await take()), asked.length]).toEqual(['first', 2])
    time.now++
    expect([text(await take()), asked.length]).toEqual(['first', 3])
  })

  test('that is refused is given up, and not the one that has taken its place', async () => {
    const { asked, keeper, take, give } = setUp()
    const first = await give('first')
    keeper.giveUp(first)
    const second = await give('second')
    expect(asked).toHaveLength(2)
    // A call that was sent with the first hears of its refusal only now.
    keeper.giveUp(first)
    expect([text(await take()), asked.length]).toEqual(['second', 2])
    keeper.giveUp(second)
    expect([(await give('third')).text, asked.length]).toEqual(['third', 3])
  })

  test('that cannot be had is the failure of all who wait, and the next asks again', async () => {
    const { asked, take } = setUp()
    const waiting = [take(), take()]
    asked[0]?.resolve({ failure: { kind: 'credentials' } })
    expect((await Promise.all(waiting)).map(text)).toEqual([{ kind: 'credentials' }, { kind: 'credentials' }])
    const next = take()
    asked[1]?.resolve({ ok: { token: 'second', expiresInMs: minutes } })
    expect(text(await next)).toBe('second')
  })

  test('is waited for as long as the call has time, and that call alone gives up', async () => {
    const { asked, take } = setUp()
    const patient = take(10_000)
    expect(text(await take(5))).toEqual({ kind: 'timeout', beforeSending: true })
    asked[0]?.resolve({ ok: { token: 'first', expiresInMs: minutes } })
    expect([text(await patient), asked.length]).toEqual(['first', 1])
  })
})
