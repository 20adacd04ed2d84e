import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { canInstall, installPackage } from './redis-install.ts'

/**
 * A program that operators use, from the PATH; else, on Debian as root, from its package. Fails, with what to do, where
 * neither is possible: the tests of what operators are given are never passed over.
 */
export async function operateProgram(program: string, packageName: string, service: string): Promise<string> {
  const found = onPath(program)
  if (found !== undefined) return found
  if (canInstall()) await installPackage(packageName, service)
  const installed = onPath(program)
  if (installed !== undefined) return installed
  throw new Error(`Install ${program} (on Debian: apt-get install ${packageName}), and put it on the PATH.`)
}

function onPath(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin']
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file))
}
