import { expect, onTestFinished, test } from 'vitest'
import { contactSource, freshKey } from '../support/contact-source.ts'
import { startGateway } from '../support/start-gateway.ts'

/**
 * What an earlier try may have done is not undone by a later one that was certainly not applied: the contact stays
 * `unknown`, and is never called `failed` or `rejected` while the provider may hold it. Found by `history.test.ts`.
 */
const contacts = contactSource()

async function start() {
  const gateway = await startGateway({ accounts: { 'octopush-fr': { retries: 0 }, 'vobiz-in': { retries: 0 } } })
  onTestFinished(gateway.close)
  const [key, body] = [freshKey(), { contacts: contacts(1) }]
  const add = async (list: string) => {
    const path = `/lists/${list}/contacts`
    const answer = await gateway.call('POST', path, { body, headers: { 'idempotency-key': key } })
    return answer.body.results[0].outcomes[0]
  }
  return { add, ...gateway.simulators }
}

test.each([
  ['throttled', { rateLimit: {} }],
  ['refused for its credentials', { status: 401 }],
])('a contact that Octopush may hold stays unknown when the repeat is %s', async (_how, behaviour) => {
  const { add, octopush } = await start()
  octopush.setBehaviour({ reset: 'after', match: { path: '/contact/create' } })
  expect(await add('sms')).toMatchObject({ status: 'unknown', error: { retriable: true } })
  octopush.setBehaviour(behaviour)
  expect(await add('sms')).toMatchObject({ status: 'unknown', error: { retriable: true } })
  octopush.setBehaviour({})
  expect(await add('sms')).toMatchObject({ status: 'updated' })
})

test('a contact that Vobiz may hold stays unknown when Vobiz cannot be asked, and is not written again', async () => {
  const { add, vobiz } = await start()
  vobiz.setBehaviour({ rules: [{ reset: 'after', match: { method: 'POST' } }, { rateLimit: {} }] })
  expect(await add('whatsapp')).toMatchObject({ status: 'unknown', error: { retriable: true } })
  expect(await add('whatsapp')).toMatchObject({ status: 'unknown', error: { retriable: true } })
  vobiz.setBehaviour({})
  expect(await add('whatsapp')).toMatchObject({ status: 'created' })
  expect(vobiz.requests().filter(({ method, applied }) => applied && method !== 'GET')).toHaveLength(1)
})

test('a list that could not be made is no fault of the contact: it is failed, not rejected', async () => {
  const { add, octopush } = await start()
  octopush.setBehaviour({ status: 400, match: { path: '/contact-list/create' } })
  expect(await add('sms')).toMatchObject({ status: 'failed' })
  octopush.setBehaviour({})
  expect(await add('sms')).toMatchObject({ status: 'created' })
})
