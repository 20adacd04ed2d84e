import { expect, test } from 'vitest'
import { importWhole } from '../support/import-calls.ts'
import { isLongRun } from '../support/long-run.ts'
import { startGateway } from '../support/start-gateway.ts'

/**
 * With LONG_RUN=1 eight minutes: at the pace of its account a block of rows takes several times as long as a call may
 * wait for its answer, and as long as an import has patience with an account that fails.
 */
const rows = isLongRun ? 1_000 : 10
const perSecond = 2

test('an import has all the time that the pace of its account demands', { timeout: 900_000 }, async () => {
  const gateway = await startGateway({
    accounts: { 'vobiz-in': { requestsPerSecond: perSecond } },
  })
  try {
    // The rows without an e-mail could go as a file, so that a chunk is a whole block.
    const row = (_: unknown, at: number) =>
      `Person ${at},+91983${String(at).padStart(7, '0')},${at % 1_000 === 0 ? '' : `person-${at}@example.com`}`
    const csv = ['name,phone,email', ...Array.from({ length: rows }, row), ''].join('\n')
    const startedAt = performance.now()
    const { progress } = await importWhole(gateway, { list: 'whatsapp', csv })
    expect(progress['vobiz-in']).toMatchObject({ pending: 0, failed: 0, unknown: 0, rejected: 0 })
    expect(performance.now() - startedAt).toBeGreaterThan((rows / perSecond - 1) * 1_000 - 1_000)
  } finally {
    await gateway.close()
  }
})
