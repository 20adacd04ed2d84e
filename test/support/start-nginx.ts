import { spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { ownPort } from './own-port.ts'
import { canInstall, installPackage } from './redis-install.ts'
import { untilListening } from './until-listening.ts'

/**
 * A load balancer in front of gateway processes, with the rules of docker/nginx.conf and one more: a request that has an
 * idempotency key may be sent to the other replica when its connection is reset, as the key makes that harmless. A
 * listener that closes resets connections that it has not accepted yet; no server can keep that from happening at all.
 */
export type Nginx = {
  readonly url: string
  /** What it complained of so far. */
  errors(): string
  stop(): Promise<void>
}

/**
 * Starts an nginx on a free port. It is taken from the PATH, else, on Debian as root, its package is installed; fails
 * with what to do where neither is possible.
 */
export function startNginx(gatewayPorts: readonly number[]): Promise<Nginx> {
  return runNginx((port) => balancer(port, gatewayPorts))
}

/** Starts one with what `http` stands for in the section of that name, which listens on the port. */
export async function runNginx(http: (port: number) => string): Promise<Nginx> {
  const program = await findNginx()
  const folder = mkdtempSync(join(tmpdir(), 'gateway-nginx-'))
  const port = await ownPort()
  writeFileSync(join(folder, 'nginx.conf'), configuration(http(port), folder))
  const child = spawn(program, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const killAtExit = () => child.kill('SIGKILL')
  process.once('exit', killAtExit)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  await untilListening('nginx', port, child, () => errors)
  return {
    url: `http://127.0.0.1:${port}`,
    errors: () => errors,
    async stop() {
      child.kill('SIGTERM')
      await ended
      process.removeListener('exit', killAtExit)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configuration(http: string, folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${folder}/${name};`)
    .join('\n')
  return `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  access_log off;
${temporary}
${http}
}
`
}

function balancer(port: number, gatewayPorts: readonly number[]): string {
  return `
  upstream gateway {
${gatewayPorts.map((to) => `    server 127.0.0.1:${to} max_fails=0;`).join('\n')}
  }
  server {
    listen 127.0.0.1:${port};
    client_max_body_size 64m;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_connect_timeout 2s;
    proxy_next_upstream error timeout;
    proxy_next_upstream_tries 3;
    proxy_read_timeout 60s;
    error_page 418 = @keyed;
    location / {
      if ($http_idempotency_key) { return 418; }
      proxy_pass http://gateway;
    }
    location @keyed {
      proxy_next_upstream error timeout non_idempotent;
      proxy_pass http://gateway;
    }
  }`
}

async function findNginx(): Promise<string> {
  const found = nginxOnPath()
  if (found !== undefined) return found
  if (canInstall()) await installPackage('nginx-light', 'nginx')
  const installed = nginxOnPath()
  if (installed !== undefined) return installed
  throw new Error('This test needs nginx. Install it (Debian: apt-get install nginx-light; macOS: brew install nginx).')
}

function nginxOnPath(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders
    .map((folder) => join(folder, 'nginx'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
