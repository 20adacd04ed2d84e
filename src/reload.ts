import { hash } from 'node:crypto'
import { unwatchFile, watchFile } from 'node:fs'
import type { FastifyBaseLogger } from 'fastify'
import type { Gateway } from './compose.ts'
import { namesOf } from './config/compare-configurations.ts'
import type { LoadedConfig } from './config/load.ts'
import type { GatewayConfig } from './config/schema.ts'

export type ReloadOptions = {
  readonly gateway: Gateway
  readonly logger: FastifyBaseLogger
  /** The configuration that the gateway runs on. */
  readonly config: GatewayConfig
  /** The configuration file and the files with secrets that it refers to. */
  readonly files: Iterable<string>
  /** Reads all of it anew. */
  readonly load: () => LoadedConfig
}

/** How often a file is looked at. Mounted secrets are exchanged by moving a link, which no watcher tells reliably. */
const lookEveryMs = 1_000

/**
 * Reloads the configuration, on demand and when one of its files changes: whole and valid, or not at all.
 * @returns a function that reloads now, and one that ends the watching
 */
export function reloadOnChange({ gateway, logger, config, files, load }: ReloadOptions) {
  const watched = new Set<string>()
  const fixed = whatNeedsRestart(config)

  const reload = (): void => {
    const loaded = load()
    if ('sandbox' in loaded) return
    follow(loaded.files)
    const mistakes = 'mistakes' in loaded ? loaded.mistakes : objections(loaded.config)
    if ('mistakes' in loaded || mistakes.length > 0) {
      const places = mistakes.map(({ place, message }) => `${place} ${message}`)
      logger.error(
        { event: 'reload', problems: places },
        'The new configuration is not valid; the old one stays. Mend it.',
      )
      gateway.refuseReload(mistakes.map(({ place }) => place))
      return
    }
    const changes = namesOf(gateway.reload(loaded.config))
    logger.info({ event: 'reload', changes }, 'The configuration was reloaded.')
    for (const warning of loaded.config.warnings) logger.warn({ event: 'configuration' }, warning)
    if (whatNeedsRestart(loaded.config) !== fixed) {
      logger.warn(
        { event: 'reload' },
        'server (but for trustedProxies and the files of tls), limits, store and STORE_KEY are taken over by a restart only.',
      )
    }
  }
  const objections = (next: GatewayConfig) => {
    const objection = gateway.objectionTo(next)
    return objection === undefined ? [] : [objection]
  }
  const follow = (paths: Iterable<string>): void => {
    for (const path of paths) {
      if (watched.has(path)) continue
      watched.add(path)
      watchFile(path, { interval: lookEveryMs, persistent: false }, reload)
    }
  }
  follow(files)
  const stop = (): void => {
    for (const path of watched) unwatchFile(path, reload)
  }
  return { reload, stop }
}

function whatNeedsRestart({ server, limits, requireNoEviction, leaseMs, storeKey }: GatewayConfig): string {
  const keys = storeKey && hash('sha256', storeKey.reveal())
  const tls = server.tls && { asksCallers: server.tls.clientCa !== undefined }
  return JSON.stringify([{ ...server, trustedProxies: [], tls }, limits, requireNoEviction, leaseMs, keys])
}
