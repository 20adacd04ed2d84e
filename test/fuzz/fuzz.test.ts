import { expect, test } from 'vitest'
import { runFuzz } from '../../scripts/fuzz/run-fuzz.ts'
import { isLongRun } from '../support/long-run.ts'

/**
 * What `npm run fuzz` does, in a small size and without the worst requests, which have a test of their own
 * (`test/http/worst-inputs.test.ts`); `LONG_RUN=1`: 100,000 requests, and those. `SEED=<seed>` makes the same ones again.
 */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const requests = isLongRun ? 100_000 : 2_000

test(`${requests} requests of any kind are answered without a defect (SEED=${seed})`, {
  timeout: 3_600_000,
}, async () => {
  const report = await runFuzz({ requests, seed, worst: isLongRun })
  console.log(JSON.stringify({ ...report, defects: report.defects.length }))
  expect(report.defects).toEqual([])
  expect(report.requests).toBe(requests)
  // It is no fuzzing of the front door alone: on the average a thirteenth is sent, of few requests less by chance (4.7 % was seen).
  expect(report.sent).toBeGreaterThan(requests / (isLongRun ? 20 : 40))
  expect(Object.keys(report.statuses)).toEqual(
    expect.arrayContaining(['200', '202', '207', '400', '404', '422', 'raw 400']),
  )
  expect(report.handles.after).toBeLessThanOrEqual(report.handles.before + 3)
  // A process that has just started still grows; a leak of one kilobyte a request would be 75 MB in a long run.
  expect(report.residentMb.after - report.residentMb.before).toBeLessThan(isLongRun ? 50 : 80)
})
