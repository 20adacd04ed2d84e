import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operateProgram } from './operate-program.ts'
import { ownPort } from './own-port.ts'
import { untilListening } from './until-listening.ts'

/** A forward proxy as companies have one at the way out of their networks. */
export type Tinyproxy = {
  readonly port: number
  /** What it wrote of the connections that it made or refused. */
  log(): string
  stop(): Promise<void>
}

/** `ports`: where CONNECT may lead; anywhere where there are none. `port`: its own; any free one where absent. */
export type TinyproxyRules = {
  readonly user?: { readonly name: string; readonly password: string }
  readonly ports?: readonly number[]
  readonly port?: number
}

/** Starts one on a free port of loopback. */
export async function startTinyproxy({ user, ports = [], port: wanted }: TinyproxyRules): Promise<Tinyproxy> {
  const program = await operateProgram('tinyproxy', 'tinyproxy', 'tinyproxy')
  const folder = mkdtempSync(join(tmpdir(), 'gateway-tinyproxy-'))
  const port = wanted ?? (await ownPort())
  const logFile = join(folder, 'log')
  writeFileSync(logFile, '')
  const lines = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Timeout 600',
    `LogFile "${logFile}"`,
    'LogLevel Info',
    'MaxClients 100',
    'Allow 127.0.0.1',
    'DisableViaHeader Yes',
    ...(user === undefined ? [] : [`BasicAuth ${user.name} ${user.password}`]),
    ...ports.map((one) => `ConnectPort ${one}`),
  ]
  writeFileSync(join(folder, 'conf'), `${lines.join('\n')}\n`)
  const child = spawn(program, ['-d', '-c', join(folder, 'conf')], { stdio: ['ignore', 'ignore', 'pipe'] })
  const killAtExit = () => child.kill('SIGKILL')
  process.once('exit', killAtExit)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  await untilListening('tinyproxy', port, child, () => errors + readFileSync(logFile, 'utf8'))
  return {
    port,
    log: () => readFileSync(logFile, 'utf8'),
    async stop() {
      child.kill('SIGKILL')
      await ended
      process.removeListener('exit', killAtExit)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
