import { StoreUnavailable } from '../../src/services/store-port.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { answerOf, claimOf } from '../conformance/store-under-test.ts'

/**
 * A process of its own for sqlite-processes.test.ts: `node sqlite-gateway.ts <dataDir> <first> <count> <end>`.
 * Opens the store, prints `ready`, and, at a line on standard input, claims `key-<first>` … and completes what it got.
 * It prints each key once it is stored. With `end` = `forever` it goes on until it is killed.
 */
const [dataDir = '', first = '0', count = '0', end = ''] = process.argv.slice(2)
const { idempotency, close } = openSqliteStore({ dataDir })
process.stdout.write('ready\n')
await new Promise((resolve) => process.stdin.once('data', resolve))
const last = end === 'forever' ? Number.POSITIVE_INFINITY : Number(first) + Number(count)
for (let number = Number(first); number < last; number += 1) {
  const claim = claimOf(`key-${number}`)
  if ((await patiently(() => idempotency.claim(claim))).kind !== 'claimed') continue
  await patiently(() => idempotency.mark(claim.key, claim.owner, 'sent'))
  const answer = answerOf(`answer ${number} `.repeat(1000))
  await patiently(() => idempotency.complete(claim.key, claim.owner, answer, 3_600_000))
  process.stdout.write(`${claim.key}\n`)
}
await close()

/** On a busy disk the lock of the file can be waited for longer than a call may take; a caller would repeat it. */
async function patiently<Value>(call: () => Promise<Value>): Promise<Value> {
  for (let tries = 0; ; tries++) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || tries >= 20) throw error
    }
  }
}
process.exit(0)
