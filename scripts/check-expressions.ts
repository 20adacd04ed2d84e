import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Linter } from 'eslint'
import regexp from 'eslint-plugin-regexp'

/**
 * Finds regular expressions that a text of n characters can keep busy for more than a multiple of n: `npm run
 * lint:expressions`. Where one is meant all the same, a line before it says why no long text comes to it:
 * `// eslint-disable-next-line regexp/no-super-linear-move -- the reason`.
 */

/** They show what would keep an expression busy, which may be thousands of characters. */
const longestMessage = 240

const linter = new Linter({ configType: 'flat' })
const rules: Linter.Config = {
  plugins: { regexp },
  languageOptions: { ecmaVersion: 'latest', sourceType: 'module' },
  linterOptions: { reportUnusedDisableDirectives: 'error' },
  rules: {
    'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
    'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: false }],
  },
}

/** All that is wrong with a file's text, each as `line:column what`. Without its types it is JavaScript, at the same places. */
export function findSlowExpressions(text: string): readonly string[] {
  const messages = linter.verify(stripTypeScriptTypes(text), rules)
  return [...messages.map(describe), ...disabledWithoutReason(text)]
}

function describe({ line, column, message }: Linter.LintMessage): string {
  return `${line}:${column} ${message.slice(0, longestMessage)}`
}

function disabledWithoutReason(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const isSilent = line.includes('eslint-disable') && !/eslint-disable-next-line regexp\/\S+ -- \S/.test(line)
    return isSilent ? [`${index + 1}:1 Say why: eslint-disable-next-line regexp/… -- the reason`] : []
  })
}

/** The same of all files below a folder, with their names. */
export function checkExpressions(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  return files.sort().flatMap((name) => {
    const found = findSlowExpressions(readFileSync(join(folder, name), 'utf8'))
    return found.map((what) => `${name}:${what}`)
  })
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = checkExpressions(join(import.meta.dirname, '../src'))
  for (const what of found) process.stdout.write(`src/${what}\n`)
  process.stdout.write(`${found.length} slow regular expressions\n`)
  process.exitCode = found.length === 0 ? 0 : 1
}
