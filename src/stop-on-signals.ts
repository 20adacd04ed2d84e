import type { Logger } from 'pino'
import type { Gateway } from './compose.ts'
import type { GatewayConfig } from './config/schema.ts'
import type { LogOutput } from './log-output.ts'

export type Stopping = {
  readonly gateway: Gateway
  readonly logger: Logger
  readonly output: LogOutput
  readonly config: Pick<GatewayConfig, 'drainDelayMs' | 'shutdownTimeoutMs'>
  /** What is to be closed when the gateway is. */
  readonly afterwards: () => Promise<void>
  /** A terminal tells SIGINT to all processes, and the first one tells the others SIGTERM for it: here it is none. */
  readonly ignoresInterrupt: boolean
}

/**
 * On SIGTERM and SIGINT: unready at once, serve on for the delay, then end what is in flight; a second signal, or too long
 * a time, ends all. Each phase is a log line.
 */
export function stopOnSignals({ gateway, logger, output, config, afterwards, ignoresInterrupt }: Stopping): void {
  const { drainDelayMs, shutdownTimeoutMs } = config
  let startedAt: number | undefined
  const say = (level: 'info' | 'error', phase: string, message: string): void => {
    const seconds = Math.round(performance.now() - (startedAt as number)) / 1_000
    logger[level]({ event: 'shutdown', phase, seconds }, message)
  }
  const breakOff = async (why: string): Promise<void> => {
    say('error', 'broken_off', why)
    await gateway.closeAudit()
    await output.end()
    process.exit(1)
  }
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (startedAt !== undefined) return breakOff(`${signal} once more: what is in flight is broken off.`)
    startedAt = performance.now()
    say('info', 'draining', `${signal}: not ready from now on; requests are served for ${drainDelayMs} ms more.`)
    gateway.drain()
    const late = () => void breakOff(`Requests are in flight after ${shutdownTimeoutMs} ms, and are broken off.`)
    setTimeout(late, drainDelayMs + shutdownTimeoutMs).unref()
    await new Promise((resolve) => setTimeout(resolve, drainDelayMs))
    say('info', 'closing', 'No new connections from now on; requests in flight end.')
    await gateway.close()
    await afterwards()
    say('info', 'ended', 'All has ended.')
    await output.end()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', ignoresInterrupt ? () => {} : stop)
}
