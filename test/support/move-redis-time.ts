import { connect } from 'node:net'
import { Redis } from 'ioredis'

/**
 * Lets time pass for whatever expires in a Redis: each key has so much less to live, as it would have then, and what would
 * have gone is gone.
 */
export async function passTimeInRedis(url: string, ms: number): Promise<void> {
  const redis = new Redis(url)
  try {
    for (const key of await redis.keys('*')) {
      const left = await redis.pttl(key)
      if (left > 0) await redis.pexpire(key, Math.max(0, left - ms))
    }
  } finally {
    redis.disconnect()
  }
}

/** What a Redis would write to its RDB file now, texts as they are: it hands that to whoever says that it is a replica. */
export async function readRdb(url: string): Promise<Buffer> {
  const redis = new Redis(url)
  await redis.config('SET', 'rdbcompression', 'no')
  await redis.config('SET', 'repl-diskless-sync', 'no')
  redis.disconnect()
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write('SYNC\r\n'))
  let received: Buffer = Buffer.alloc(0)
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('Redis has hung up before its file was whole.')))
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes])
    // While it writes the file it sends line breaks, so that nobody gives up.
    const head = /^\n*\$(\d+)\r\n/.exec(received.subarray(0, 100_000).toString('latin1'))
    if (head === null) return
    const file = received.subarray(head[0].length)
    if (file.length < Number(head[1])) return
    resolve(file.subarray(0, Number(head[1])))
    socket.destroy()
  })
  return promise
}
