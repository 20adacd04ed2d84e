import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What `npm start` hands to Node, up to the file, in this checkout or another: flags, then the file. */
export function startArguments(checkout: string): { readonly flags: readonly string[]; readonly file: string } {
  const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { scripts: { start: string } }
  const words = scripts.start.replace(/^(exec )?node /, '').split(' ')
  return { flags: words.slice(0, -1), file: join(checkout, words.at(-1) as string) }
}

const built = new Map<string, string>()

/** What the image runs, built of this checkout or another; what `npm start` runs where it is from before there was a bundle. */
export function builtProgram(checkout: string): string {
  const known = built.get(checkout)
  if (known !== undefined) return known
  const script = join(checkout, 'scripts/build.ts')
  const hasBundle = existsSync(script)
  if (hasBundle) execFileSync(process.execPath, [script])
  const program = hasBundle ? join(checkout, 'dist/start.js') : startArguments(checkout).file
  built.set(checkout, program)
  return program
}
