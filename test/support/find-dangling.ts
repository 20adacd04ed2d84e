import { posix } from 'node:path'

/** The texts of a repository by their paths, and all paths that are in it. */
export type Tree = { readonly texts: ReadonlyMap<string, string>; readonly paths: ReadonlySet<string> }

/** Numbers of rows and findings look like this; what does so too and is a standard of the trade may stay. */
const code = /(?<=^|[\s'"`(])(?!(?:UTF|SHA|ISO|BSD|SSH|RFC|ECMA|CRC|X?AES)-)[A-Z]{1,6}-\d{1,3}\b/gm
/** The words in which notes that were never part of the repository were cited; the id of a probe may hold one. */
const note = /\bfacts \d|\b(?<![A-Z]-)(?:GAP|ASSUME|CONTRA)\b|\b(?:OB|OP|VB)-[a-z]+\b|\bseed \d{3}\b/g
const page = /(?<![\w.<>{}$/@*:-])(?:\.{1,2}\/)*[\w][\w./-]*\.md\b/g
const file = /(?<![\w.<>{}$/@*:-])(?:\.{1,2}\/)*[a-z][\w./-]*\.(?:ts|lua|yml|conf|json)\b(?![\w*])/g
const decision = /\bdocs\/adr\/(\d{4})\b|\bADR (\d{4})\b/g
const headed = /([\w./-]+\.md), (?:from )?"([^"]+)"/g
const link = /\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g

/** What a file points to that is not in the tree: `path: what`. */
export function findDangling(tree: Tree): readonly string[] {
  return [...tree.texts].flatMap(([path, text]) => {
    const prose = path.endsWith('.md') ? withoutBlocks(text) : commentsOf(text)
    return [
      ...matches(path.includes('test/') ? text : prose, code),
      ...matches(prose, note),
      ...matches(prose, page).filter((name) => !isThere(tree, path, name)),
      ...matches(prose, file).filter((name) => !isThere(tree, path, name)),
      ...[...prose.matchAll(decision)].flatMap(([what, one, other]) =>
        hasDecision(tree, one ?? (other as string)) ? [] : [what],
      ),
      ...[...prose.matchAll(headed)].flatMap(([what, name, heading]) =>
        hasHeading(tree, path, name as string, heading as string) ? [] : [what],
      ),
      ...(path.endsWith('.md') ? deadLinks(tree, path, prose) : []),
    ].map((what) => `${path}: ${what}`)
  })
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([what]) => what)
}

/** Its comments, each on one line. */
function commentsOf(text: string): string {
  const found = text.matchAll(/\/\*[\s\S]*?\*\/|^--\[\[[\s\S]*?\]\]|(?<=^|\s)(?:\/\/|--|#) .*$/gm)
  return [...found].map(([comment]) => comment.replace(/\n\s*(?:\* ?)?/g, ' ')).join('\n')
}

/** An example may name what a reader is to make. */
function withoutBlocks(markdown: string): string {
  return markdown.replace(/^ *```[\s\S]*?^ *```$/gm, '')
}

/** At the root, beside the file, or under some folder of the tree. */
function isThere({ paths }: Tree, from: string, name: string): boolean {
  const beside = posix.join(posix.dirname(from), name)
  return paths.has(name) || paths.has(beside) || [...paths].some((path) => path.endsWith(`/${name}`))
}

function hasDecision({ paths }: Tree, number: string): boolean {
  return [...paths].some((path) => path.startsWith(`docs/adr/${number}-`))
}

function hasHeading({ texts }: Tree, from: string, name: string, heading: string): boolean {
  const text = texts.get(name) ?? texts.get(posix.join(posix.dirname(from), name))
  return text !== undefined && headingsOf(text).includes(heading)
}

function deadLinks(tree: Tree, from: string, markdown: string): string[] {
  return [...markdown.matchAll(link)].flatMap(([what, name = '', anchor]) => {
    const to = name === '' ? from : posix.join(posix.dirname(from), name).replace(/\/$/, '')
    const isFolder = [...tree.paths].some((path) => path.startsWith(`${to}/`))
    if (!tree.paths.has(to) && !isFolder) return [what]
    const text = tree.texts.get(to)
    if (anchor === undefined || text === undefined) return []
    return headingsOf(text).map(toAnchor).includes(anchor) ? [] : [what]
  })
}

function headingsOf(markdown: string): string[] {
  return [...withoutBlocks(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading as string)
}

/** As GitHub makes it. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}
