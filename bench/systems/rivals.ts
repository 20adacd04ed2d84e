import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort, startPinned, startScript, testedCore } from '../machine.ts'

/** Something that passes requests on to the upstream. */
export type Rival = { readonly port: number; readonly pid: number; stop(): Promise<void> }

/** One of the proxies of this folder, which tells its port when it listens. */
export async function startProxy(file: 'systems/floor.ts' | 'systems/reply-from.ts', upstream: number): Promise<Rival> {
  const { started, ready } = await startScript<number>(file, testedCore, [String(upstream)])
  return { port: ready, pid: started.pid, stop: started.stop }
}

/** Portkey's gateway, without its console, as its package starts it. */
export async function startPortkey(): Promise<Rival> {
  const port = await freePort()
  const server = 'bench/node_modules/@portkey-ai/gateway/build/start-server.js'
  const started = startPinned([process.execPath, server, `--port=${port}`, '--headless'], {
    core: testedCore,
    env: { NODE_ENV: 'production' },
  })
  await untilListening(port)
  return { port, pid: started.pid, stop: started.stop }
}

/** nginx with one worker, connections to the upstream kept, and no access log. */
export async function startNginx(upstream: number): Promise<Rival> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'bench-nginx-'))
  const config = join(folder, 'nginx.conf')
  writeFileSync(
    config,
    `worker_processes 1; daemon off; pid ${folder}/pid; error_log /dev/null;
     events { worker_connections 1024; }
     http {
       access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder};
       fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
       keepalive_requests 1000000000;
       upstream provider { server 127.0.0.1:${upstream}; keepalive 64; keepalive_requests 1000000000; }
       server {
         listen 127.0.0.1:${port};
         location / { proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection ""; }
       }
     }`,
  )
  const started = startPinned(['nginx', '-c', config, '-p', folder], { core: testedCore })
  await untilListening(port)
  return {
    port,
    pid: started.pid,
    async stop() {
      await started.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const listens = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => resolve(false))
    })
    if (listens) return
    await wait(20)
  }
}
