import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What `npm start` hands to Node, up to the file, in this checkout or another: flags, then the file. */
export function startArguments(checkout: string): { readonly flags: readonly string[]; readonly file: string } {
  const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { scripts: { start: string } }
  const words = scripts.start.replace(/^(exec )?node /, '').split(' ')
  return { flags: words.slice(0, -1), file: join(checkout, words.at(-1) as string) }
}
