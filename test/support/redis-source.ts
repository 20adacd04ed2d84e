import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { engineHasImage, startContainer } from './redis-container.ts'
import { canInstall, installRedis } from './redis-install.ts'
import { startProcess } from './redis-process.ts'
import type { RedisStart, RunningRedis } from './redis-server.ts'

/** The image that is also what docker-compose.yml runs. */
export const redisImage = 'redis:7.2-bookworm'

/** Where servers for the tests come from. */
export type RedisSource =
  | { readonly kind: 'docker'; readonly image: string }
  | { readonly kind: 'binary'; readonly path: string; readonly installed: boolean }

/**
 * Docker where an engine answers and has, or gets, the image; else a `redis-server` on the PATH; else, on Debian as
 * root, the one of its package, installed now. Fails with what to do where none of these is possible.
 */
export async function findRedisSource(): Promise<RedisSource> {
  if (await engineHasImage(redisImage)) return { kind: 'docker', image: redisImage }
  const path = programOnPath('redis-server')
  if (path !== undefined) return { kind: 'binary', path, installed: false }
  const reason = canInstall() ? await tryToInstall() : 'and one is installed only on Debian as root'
  const installed = programOnPath('redis-server')
  if (installed !== undefined) return { kind: 'binary', path: installed, installed: true }
  throw new Error(
    `The tests need a Redis: no Docker engine with ${redisImage} answers, no redis-server is on the PATH, ${reason}. ` +
      'Start Docker, install redis-server (Debian: apt-get install redis-server; macOS: brew install redis), or set ' +
      'TEST_REDIS_URL to a Redis that may be written to.',
  )
}

/**
 * Where the servers come from that single tests start, kill and restart: a `redis-server` on the PATH, which starts ten
 * times faster than a container, else what `findRedisSource` finds.
 */
export async function findServerSource(): Promise<RedisSource> {
  const path = programOnPath('redis-server')
  return path === undefined ? await findRedisSource() : { kind: 'binary', path, installed: false }
}

/** Starts a server and resolves once it answers. */
export function startFrom(source: RedisSource, options: RedisStart): Promise<RunningRedis> {
  return source.kind === 'docker' ? startContainer(source.image, options) : startProcess(source.path, options)
}

/** In words, for the line that tells which way was taken. */
export function describeSource(source: RedisSource): string {
  if (source.kind === 'docker') return `Docker, ${source.image}`
  return source.installed ? `${source.path}, installed just now` : source.path
}

async function tryToInstall(): Promise<string> {
  try {
    await installRedis()
    return 'and its package holds none'
  } catch (error) {
    return `and apt-get could not install one (${String(error).split('\n')[0]})`
  }
}

function programOnPath(name: string): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, name))
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
