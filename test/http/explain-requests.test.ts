import Fastify from 'fastify'
import { expect, test } from 'vitest'
import type { App } from '../../src/http/app-type.ts'
import { explainRequests } from '../../src/http/hooks/explain-requests.ts'

test('a request is told to have begun no later than it did, though its explanation takes long to be made', async () => {
  const told: { startedAt: number; receivedAt: string }[] = []
  const app = Fastify() as unknown as App
  for (const name of ['client', 'problem', 'facts', 'subject', 'chosenAccount']) app.decorateRequest(name, undefined)
  const slowly = {
    has: () => {
      for (const from = performance.now(); performance.now() < from + 50; );
      return true
    },
  }
  explainRequests(
    app,
    {
      explanations: { add: (one: never) => void told.push(one) } as never,
      lists: slowly as never,
      accounts: new Map(),
    },
    { deadlineMs: 1_000 },
  )
  let calledAt = 0
  app.get('/lists/:listId', async (request, reply) => {
    calledAt = performance.now()
    Object.assign(request, { client: { id: 'crm' }, problem: 'conflict' })
    app.explain?.(request, reply)
    return {}
  })
  for (let nth = 0; nth < 3; nth++) {
    const sentAt = Date.now()
    await app.inject('/lists/one')
    const { startedAt, receivedAt } = told.at(-1) as (typeof told)[0]
    expect(startedAt).toBeLessThanOrEqual(calledAt)
    expect(Date.parse(receivedAt)).toBeGreaterThanOrEqual(sentAt)
  }
  await app.close()
})
