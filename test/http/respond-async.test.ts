import { afterAll, beforeAll, expect, test } from 'vitest'
import { untilDone } from '../support/import-calls.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

test('a batch in which nobody can be reached becomes an import whose report can be mended', async () => {
  const accepted = await gateway.call('POST', '/lists/sms/contacts', {
    body: { contacts: [{ name: 'Nobody', attributes: { city: 'Pune' } }] },
    headers: { prefer: 'respond-async' },
  })
  expect(accepted.status).toBe(202)
  const done = await untilDone(gateway, accepted.body.id)
  expect(done).toMatchObject({ status: 'completed_with_errors', progress: { 'octopush-fr': { rejected: 1 } } })
  const report = await gateway.call('GET', `/imports/${accepted.body.id}/errors.csv`)
  const [header, row] = report.text.split('\n').map((line) => line.split(',').slice(0, 9).join(','))
  expect(header).toBe('name,email,phone,whatsapp,attributes.city,_row,_account,_status,_code')
  expect(row).toBe('Nobody,,,,Pune,1,octopush-fr,rejected,identifier_required')
})
