import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { explainRequest, timelineOf } from '../../src/cli/explain-request.ts'
import { answerExamples } from '../../src/http/openapi/answer-examples.ts'
import type { ExplainedRequest } from '../../src/services/explanations/explanations.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway({ clients: { shop: {} } })
})
afterAll(() => gateway.close())

async function run(id: string, client?: string): Promise<string> {
  const output = new PassThrough()
  const printed: string[] = []
  output.on('data', (piece) => printed.push(String(piece)))
  await explainRequest({ id, url: gateway.url, client }, gateway.key(), output)
  await new Promise((resolve) => output.end(resolve))
  return printed.join('')
}

test('a request is told attempt by attempt, and in words', async () => {
  gateway.simulators.octopush.setBehaviour({ status: 503, times: 1 })
  await gateway.call('POST', '/lists/sms/contacts', {
    body: { contacts: [{ name: 'Ann', phone: '+33612345690' }, { name: 'Ben' }] },
    headers: { 'x-request-id': 'told-step-by-step', 'idempotency-key': 'key-told-step-by-step' },
    key: gateway.key('shop'),
  })
  const text = await run('told-step-by-step', 'shop')
  expect(text.replaceAll(/[\d,]+ ms/g, '… ms').replaceAll(/\S+Z|(?<=answered by )\S+/g, '…')).toBe(
    `told-step-by-step  POST /lists/{listId}/contacts (sms)  207
…, took … ms of … ms, answered by …
idempotency key: new, known after … ms

octopush-fr  2 contacts: 1 created, 1 rejected
  +… ms  ensureList  unavailable 503 501  took … ms, again in … ms
  +… ms  ensureList  ok  took … ms, done
  +… ms  addContacts  ok  took … ms, done

octopush-fr answered 503 once and was asked again after … ms.
1 contact was left out by octopush-fr: identifier_required.
`,
  )
})

test('waits, an open breaker, calls that are left out and an id that was used again are told too', () => {
  const example = answerExamples.ExplainedRequest as ExplainedRequest
  const [account] = example.accounts as [ExplainedRequest['accounts'][number]]
  const attempt = { atMs: 1, breaker: 'open', result: 'breakerOpen', next: 'breaker' } as const
  const call = { operation: 'addContacts', contacts: 1, attempts: [attempt] }
  const text = timelineOf({
    ...example,
    sameId: 3,
    accounts: [account, { ...account, callsLeftOut: 7, calls: [call] }],
  })
  expect(text).toContain('the newest of 3 requests with this id')
  expect(text).toContain(
    '+43 ms  addContacts  unavailable 503  took 500 ms, waited 40 ms for the pace, again in 230 ms',
  )
  expect(text).toContain(
    '+1 ms  addContacts  breakerOpen  not sent, breaker open, breaker\n  … and 7 calls that went better',
  )
})

test('what is not kept is refused in the words of the gateway', async () => {
  await expect(run('nobody-has-this-id')).rejects.toThrow(/^404 .*Prefer: explain/)
})
