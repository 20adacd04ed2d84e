import { runFuzz } from './run-fuzz.ts'

/**
 * `npm run fuzz`: sends 2,000 requests, 100,000 with `LONG_RUN=1`, or as many as `REQUESTS` says, to a gateway process of
 * its own. `SEED=<seed> npm run fuzz` sends the same ones again. Exits with 1 when something is wrong.
 */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const requests = Number(process.env.REQUESTS ?? (process.env.LONG_RUN === '1' ? 100_000 : 2_000))

console.log(`SEED=${seed}, ${requests} requests`)
const startedAt = performance.now()
const report = await runFuzz({ requests, seed })
console.log(JSON.stringify({ ...report, seconds: Math.round((performance.now() - startedAt) / 1_000) }, null, 2))
process.exitCode = report.defects.length > 0 ? 1 : 0
