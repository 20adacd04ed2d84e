import { execFile } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Debian's way to say whether a package may start its service: 101 is no. */
const policyFile = '/usr/sbin/policy-rc.d'

/** Whether `installRedis` can be tried: Debian or one of its children, as root. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
}

/** Installs Debian's `redis-server`. */
export function installRedis(): Promise<void> {
  return installPackage('redis-server', 'redis-server')
}

/**
 * Installs a package of Debian, for its program alone: the service that it brings is neither started now nor enabled for
 * the next boot.
 */
export async function installPackage(name: string, service: string): Promise<void> {
  const ownPolicy = !existsSync(policyFile)
  if (ownPolicy) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    // Another run may be installing at the same moment: wait for its lock instead of failing.
    const lock = ['-o', 'DPkg::Lock::Timeout=120']
    // The lists of another run that is fetching them now, or has, do as well.
    await apt([...lock, 'update']).catch(() => {})
    await apt([...lock, 'install', '-y', '--no-install-recommends', name])
  } finally {
    if (ownPolicy) rmSync(policyFile, { force: true })
  }
  if (existsSync('/run/systemd/system')) await run('systemctl', ['disable', '--now', service])
}

async function apt(args: readonly string[]): Promise<void> {
  // RUNLEVEL=1 tells invoke-rc.d the same as the policy, where a policy of the machine's own says otherwise.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await run('apt-get', args, { env, timeout: 240_000, maxBuffer: 16 * 1024 * 1024 })
}
