import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { commandProgram } from './programs.ts'
import type { Block } from './read-markdown.ts'

export const isCall = ({ language, text }: Block) =>
  language === 'sh' && /\bcurl\b|contact-gateway (?:import|explain)\b/.test(text)

const separator = '=== the next block ==='

/** Pastes blocks into one shell in `folder`, as a person has it. What each prints. */
export async function paste(
  folder: string,
  texts: readonly string[],
  env: Record<string, string>,
): Promise<readonly string[]> {
  const command = `${process.execPath} ${commandProgram}`
  const script = texts
    .map((text) => `${text.replaceAll('npx contact-gateway', command)}\necho; echo '${separator}'\n`)
    .join('')
  const ran = await promisify(execFile)('bash', ['-c', script], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
  })
  return ran.stdout.split(separator).map((text) => text.trim())
}
