import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdDecompressSync } from 'node:zlib'
import { Redis } from 'ioredis'

/** What is kept, and where: in which table, or under which key, or in which file. */
export type Stored = { readonly place: string; readonly bytes: Buffer }

type Environment = Readonly<Record<string, string>>

/** Everything that the stores of a gateway hold now, as bytes: names, values and, of SQLite, the files as they lie there. */
export async function storedBytes(env: Environment): Promise<readonly Buffer[]> {
  const kept = (await storedPlaces(env)).map(({ bytes }) => bytes)
  return [...kept, ...kept.flatMap(decompressed)]
}

/** The same as it lies there, each with its place. */
export async function storedPlaces(env: Environment): Promise<readonly Stored[]> {
  return env.REDIS_URL === undefined ? inFiles(env.DATA_DIR as string) : inRedis(env.REDIS_URL)
}

/** Whole files, the log included, and each value by itself: in the file a long one is in pieces. */
function inFiles(dataDir: string): readonly Stored[] {
  const files = readdirSync(dataDir).filter((name) => name.startsWith('gateway.db'))
  const database = new DatabaseSync(join(dataDir, 'gateway.db'), { readOnly: true })
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all()
  const values = tables.flatMap(({ name }) => {
    const rows = database.prepare(`SELECT * FROM ${name}`).all()
    return rows.flatMap((row) => Object.values(row)).map((value) => ({ place: String(name), bytes: toBuffer(value) }))
  })
  database.close()
  return [...files.map((place) => ({ place, bytes: readFileSync(join(dataDir, place)) })), ...values]
}

async function inRedis(url: string): Promise<readonly Stored[]> {
  const redis = new Redis(url)
  try {
    const keys = await redis.keys('*')
    const values = await Promise.all(keys.map((key) => valuesOf(redis, key)))
    return keys.flatMap((place, index) =>
      [Buffer.from(place), ...(values[index] ?? [])].map((bytes) => ({ place, bytes })),
    )
  } finally {
    redis.disconnect()
  }
}

type Values = Buffer | readonly Values[]

async function valuesOf(redis: Redis, key: string): Promise<Buffer[]> {
  const all = {
    string: ['GET'],
    hash: ['HGETALL'],
    list: ['LRANGE', 0, -1],
    set: ['SMEMBERS'],
    zset: ['ZRANGE', 0, -1],
  }
  const type = await redis.type(key)
  if (type === 'none') return []
  const [command = '', ...range] = type === 'stream' ? ['XRANGE', '-', '+'] : all[type as keyof typeof all].map(String)
  // It may have gone since.
  return flat(((await redis.callBuffer(command, key, ...range)) as Values | null) ?? [])
}

function flat(values: Values): Buffer[] {
  return Buffer.isBuffer(values) ? [values] : (values as readonly Values[]).flatMap(flat)
}

const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** Whatever begins as zstd does, anywhere, as far as it can be read. */
function decompressed(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = []
  for (let at = bytes.indexOf(zstdMagic); at !== -1; at = bytes.indexOf(zstdMagic, at + 1)) {
    const next = bytes.indexOf(zstdMagic, at + 1)
    for (const end of [bytes.length, next === -1 ? bytes.length : next])
      try {
        found.push(zstdDecompressSync(bytes.subarray(at, end)))
      } catch {
        // Cut short, or it only looks like one.
      }
  }
  return found
}

function toBuffer(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value))
}
