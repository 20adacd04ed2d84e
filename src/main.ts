import { setTimeout as sleep } from 'node:timers/promises'
import { type DestinationStream, destination, type Logger, pino } from 'pino'
import { composeGateway, type Gateway } from './compose.ts'
import { readBuild } from './config/build.ts'
import { type CheckedConfig, checkConfig, loadConfig } from './config/load.ts'
import { formatMistakes, type Mistake } from './config/mistakes.ts'
import type { GatewayConfig } from './config/schema.ts'
import { reloadOnChange } from './reload.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { collectGarbage, keepCompiledCode } from './tune-memory.ts'

const configurationError = 78

/**
 * Log lines are written a few kilobytes at a time, at most 200 ms late, and at the end of the process. Where nobody
 * takes them, or their disk is full, those that do not fit are dropped, and the gateway goes on serving.
 */
const output = destination({ sync: false, minLength: 16_000, maxLength: 16_777_216, periodicFlush: 200 })
const log = process.stdout.isTTY ? await readableLines(output) : output
output.on('error', () => {})
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

/** What a person at a terminal can read, instead of JSON; what makes it so is loaded only then. */
async function readableLines(to: { write(text: string): unknown }): Promise<DestinationStream> {
  const { prettyFactory } = await import('pino-pretty')
  const format = prettyFactory({
    colorize: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname,event',
    singleLine: true,
  })
  return { write: (line) => void to.write(format(line)) }
}

/** How long the process waits for its last log lines to be written. */
const lastLinesMs = 1_000

await start().catch(async (error: NodeJS.ErrnoException) => {
  process.stderr.write(`The gateway could not start: ${error.message}\n`)
  if (error.code === undefined) process.stderr.write(`${error.stack}\n`)
  await endLog()
  process.exit(1)
})

async function start(): Promise<void> {
  const { checked, sandbox } = await configure()
  if ('mistakes' in checked) return refuse(checked.mistakes)
  const { config, files } = checked
  const logger = pino({ level: config.logLevel }, log)
  const build = readBuild(process.env)
  logger.info({ event: 'starting', ...build, node: process.version }, 'starting')
  for (const warning of config.warnings) logger.warn({ event: 'configuration' }, warning)
  const gateway = await composeGateway(config, logger, build, { examples: sandbox !== undefined })
  // This comes before it listens: whoever sees it listening may change a file, or send a signal.
  if (sandbox === undefined) reloadOnSignal(gateway, logger, config, files)
  stopOnSignals(gateway, sandbox, config)
  const { url, metricsUrl } = await gateway.listen()
  collectGarbage()
  keepCompiledCode()
  logger.info({ event: 'listening', url, metricsUrl }, 'listening')
  await flushLog()
  if (sandbox !== undefined) process.stdout.write(sandbox.banner(url))
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

/** On SIGTERM and SIGINT: unready at once, serve on for the delay, then end what is in flight; a second signal ends all. */
function stopOnSignals(
  gateway: Gateway,
  sandbox: Sandbox | undefined,
  { drainDelayMs, shutdownTimeoutMs }: GatewayConfig,
): void {
  let stopping = false
  const stop = async () => {
    if (stopping) return breakOff()
    stopping = true
    gateway.drain()
    setTimeout(breakOff, drainDelayMs + shutdownTimeoutMs).unref()
    await new Promise((resolve) => setTimeout(resolve, drainDelayMs))
    await gateway.close()
    await sandbox?.close()
    await endLog()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

function breakOff(): void {
  output.destroy()
  process.exit(1)
}

/**
 * Waits for the log to be written, as far as it can be. A flush ends with what was being written when it was asked for;
 * the next one writes what has come meanwhile, and the last one the rest of that where it fills more than one piece.
 */
async function flushLog(): Promise<void> {
  const flushed = (async () => {
    for (let round = 0; round < 3; round++) await new Promise((resolve) => output.flush(resolve))
  })()
  await Promise.race([flushed, sleep(lastLinesMs, undefined, { ref: false })])
}

/** What cannot be written is dropped: at the exit of the process pino would try for ever. */
async function endLog(): Promise<void> {
  await flushLog()
  output.destroy()
}
