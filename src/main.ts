import { type Logger, pino } from 'pino'
import { AuditLogUnusable } from './audit/open-audit.ts'
import { composeGateway, type Gateway } from './compose.ts'
import { readBuild } from './config/build.ts'
import { type CheckedConfig, checkConfig, loadConfig } from './config/load.ts'
import { formatMistakes, type Mistake } from './config/mistakes.ts'
import type { GatewayConfig } from './config/schema.ts'
import { loadEncodings } from './imports/encodings/load-encodings.ts'
import { openLogOutput } from './log-output.ts'
import { isOneOfSeveral, metricsOfAll, serveBeside } from './processes/serving-process.ts'
import { reloadOnChange } from './reload.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { suppressionKeyPlace, WrongSuppressionKey } from './services/suppressions/suppression-keys.ts'
import { stopOnSignals } from './stop-on-signals.ts'
import { WrongStoreKey } from './store/wrong-store-key.ts'
import { collectGarbage, keepCompiledCode } from './tune-memory.ts'

const configurationError = 78

const output = await openLogOutput({ isRead: process.stdout.isTTY })
// Where nobody reads what is printed the gateway serves on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

await start().catch(async (error: NodeJS.ErrnoException) => {
  const place = placeOf(error)
  if (place !== undefined) {
    await output.end()
    refuse([{ place, message: error.message }])
  }
  process.stderr.write(`The gateway could not start: ${error.message}\n`)
  if (error.code === undefined) process.stderr.write(`${error.stack}\n`)
  await output.end()
  process.exit(1)
})

/** Where the configuration has to be mended; `undefined`: it is something else. */
function placeOf(error: unknown): string | undefined {
  if (error instanceof WrongStoreKey) return 'STORE_KEY'
  if (error instanceof WrongSuppressionKey) return suppressionKeyPlace
  return error instanceof AuditLogUnusable ? 'AUDIT_LOG' : undefined
}

async function start(): Promise<void> {
  const { checked, sandbox } = await configure()
  if ('mistakes' in checked) return refuse(checked.mistakes)
  const { config, files } = checked
  const logger = pino({ level: config.logLevel }, output.stream)
  const build = readBuild(process.env)
  logger.info({ event: 'starting', ...build, node: process.version }, 'starting')
  for (const warning of config.warnings) logger.warn({ event: 'configuration' }, warning)
  const gateway = await composeGateway(config, logger, build, {
    examples: sandbox !== undefined,
    standardOutput: output.lines,
    ...(isOneOfSeveral && { sharesAddress: true, showMetrics: metricsOfAll }),
  })
  // This comes before it listens: whoever sees it listening may change a file, or send a signal.
  if (sandbox === undefined) reloadOnSignal(gateway, logger, config, files)
  const afterwards = async () => sandbox?.close()
  stopOnSignals({ gateway, logger, output, config, afterwards, ignoresInterrupt: isOneOfSeveral })
  const { url, metricsUrl } = await gateway.listen()
  if (isOneOfSeveral) serveBeside(url, metricsUrl)
  collectGarbage()
  logger.info({ event: 'listening', url, metricsUrl }, 'listening')
  await output.flush()
  if (sandbox !== undefined) process.stdout.write(sandbox.banner(url))
  // It serves already: nobody waits for these.
  await loadEncodings()
  keepCompiledCode()
}

/** Without a configuration file it is that of the sandbox, which is started for it. */
async function configure(): Promise<{ readonly checked: CheckedConfig; readonly sandbox?: Sandbox }> {
  const loaded = loadConfig({ env: process.env })
  if (!('sandbox' in loaded)) return { checked: loaded }
  const sandbox = await startSandbox()
  return { checked: checkConfig(sandbox.document, { DATA_DIR: sandbox.dataDir, ...process.env }), sandbox }
}

/** SIGHUP, or a change of a file, takes over a new configuration. */
function reloadOnSignal(gateway: Gateway, logger: Logger, config: GatewayConfig, files: readonly string[]): void {
  const { reload } = reloadOnChange({ gateway, logger, config, files, load: () => loadConfig({ env: process.env }) })
  process.on('SIGHUP', reload)
}

function refuse(mistakes: readonly Mistake[]): never {
  process.stderr.write(`${formatMistakes(mistakes)}\n`)
  process.exit(configurationError)
}
