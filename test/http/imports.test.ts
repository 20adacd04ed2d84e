import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { untilDone, upload } from '../support/import-calls.ts'
import { sharedRedisUrl } from '../support/redis.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

const stores: [name: string, env: () => Record<string, string>][] = [
  ['SQLite', () => ({})],
  ['Redis', () => ({ REDIS_URL: sharedRedisUrl() })],
]

describe.each(stores)('with %s, an import', (_name, env) => {
  let gateway: TestGateway
  beforeEach(async () => {
    gateway = await startGateway({ env: env() })
  })
  afterEach(() => gateway.close())

  test('sends every row to every account, and reports the others', async () => {
    const csv =
      'Name;E-mail;Mobile;City\nJane;jane@example.com;+919876543210;Pune\nBad;bad@example.com;12;Pune\nRavi;;+919876543211;Delhi\nJane again;jane@example.com;+91 98765 43210;\n'
    const accepted = await upload(gateway, { csv })
    expect(accepted.text).toContain('"id"')
    expect(accepted.status).toBe(202)
    const done = await untilDone(gateway, accepted.body.id)
    expect(done).toMatchObject({
      status: 'completed_with_errors',
      rows: 4,
      progress: {
        'oblic-main': { pending: 0, accepted: 1, rejected: 2, skipped: 1 },
        'octopush-fr': { pending: 0, created: 2, rejected: 1, skipped: 1 },
        'vobiz-in': { pending: 0, created: 2, rejected: 1, skipped: 1 },
      },
      warnings: [{ code: 'column_ignored', column: 'City' }],
    })
    const report = await gateway.call('GET', `/imports/${accepted.body.id}/errors.csv`)
    expect(report.text.split('\n').map((line) => line.split(';').slice(0, 8).join(';'))).toEqual([
      'Name;E-mail;Mobile;City;_row;_account;_status;_code',
      'Bad;bad@example.com;12;Pune;2;oblic-main octopush-fr vobiz-in;rejected;phone_not_e164',
      'Ravi;;+919876543211;Delhi;3;oblic-main;rejected;email_required',
      '',
    ])
  })
})
