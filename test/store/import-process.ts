import { Secret } from '../../src/config/secret.ts'
import { storeKeys } from '../../src/config/store-key.ts'
import { JobLost } from '../../src/services/import-store-port.ts'
import { openStore } from '../../src/store/open-store.ts'
import { chunk } from '../conformance/import-chunk.ts'

/**
 * A worker process of its own: `node import-process.ts <redis URL or data directory> <account> <leaseMs> <marks> [STORE_KEY]`.
 * Of a block of six rows it commits two, sends two more (prints `in chunk`), and commits these at a line on standard input.
 */
const [where = '', account = '', leaseMs = '', marks = '', storeKey = ''] = process.argv.slice(2)
const isRedis = where.startsWith('redis:')
const keys = storeKey === '' ? [] : storeKeys(new Secret(storeKey))
const store = await openStore({
  keys,
  redisUrl: isRedis ? where : undefined,
  dataDir: isRedis ? '' : where,
})
const goOn = new Promise((resolve) => process.stdin.once('data', resolve))

store.imports.work(
  account,
  async (_job, _payload, lease) => {
    await lease.commit(chunk(2, { created: 2 }), marks === 'with the commit' ? 4 : undefined)
    if (marks === 'apart') await lease.mark(4)
    process.stdout.write('in chunk\n')
    await goOn
    try {
      await lease.commit(chunk(4, { created: 2 }))
      process.stdout.write('committed\n')
    } catch (error) {
      process.stdout.write(`${error instanceof JobLost ? 'JobLost' : error}\n`)
      throw error
    }
  },
  { concurrency: 1, leaseMs: Number(leaseMs), onError: () => {} },
)
