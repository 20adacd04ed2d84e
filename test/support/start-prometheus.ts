import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { stringify } from 'yaml'
import { operateProgram } from './operate-program.ts'
import { ownPort } from './own-port.ts'

export type Prometheus = {
  /** `data` of an answer of its HTTP API. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at the parts that they are about.
  ask(path: string): Promise<any>
  stop(): Promise<void>
}

/** Starts a Prometheus on a free port that scrapes `target` (host:port) each second, with the rules of this file. */
export async function startPrometheus(target: string, rulesFile: string): Promise<Prometheus> {
  const program = await operateProgram('prometheus', 'prometheus', 'prometheus')
  const folder = mkdtempSync(join(tmpdir(), 'gateway-prometheus-'))
  const config = join(folder, 'prometheus.yml')
  writeFileSync(
    config,
    stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [rulesFile],
      scrape_configs: [{ job_name: 'contact-gateway', static_configs: [{ targets: [target] }] }],
    }),
  )
  const url = `http://127.0.0.1:${await ownPort()}`
  const flags = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=${url.slice(7)}`,
  ]
  const child = spawn(program, flags, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  const killAtExit = () => child.kill('SIGKILL')
  process.once('exit', killAtExit)
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    process.removeListener('exit', killAtExit)
    rmSync(folder, { recursive: true, force: true })
  }
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  for (const end = Date.now() + 30_000; !(await isReady()); await wait(100)) {
    if (child.exitCode === null && Date.now() < end) continue
    await stop()
    throw new Error(`Prometheus did not start:\n${said}`)
  }
  return {
    ask: async (path) => ((await (await fetch(`${url}/api/v1/${path}`)).json()) as { data: unknown }).data,
    stop,
  }
}
