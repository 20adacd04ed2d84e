import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findDangling, type Tree } from './support/find-dangling.ts'

/** A comment, a page or the title of a test leads a reader to something that is in this repository. */

/** This file plants what is not there; that page walks through the making of files. */
const hasExamples = /^test\/comments\.test\.ts: |^docs\/add-a-provider\.md: .*(?:pigeon|stored-members)/

const root = join(import.meta.dirname, '..')
const folders = ['src', 'test', 'scripts', 'bench', 'docs', 'docker', 'openapi']

function readTree(): Tree {
  const atRoot = readdirSync(root).filter((name) => name.includes('.') || name === 'Dockerfile')
  const paths = [...atRoot, ...folders.flatMap(filesOf)]
  const isText = (path: string) => /\.(?:ts|js|lua|md|yml|yaml|conf)$/.test(path) && path !== 'CHANGELOG.md'
  const texts = paths.filter(isText).map((path) => [path, readFileSync(join(root, path), 'utf8')] as const)
  return { texts: new Map(texts), paths: new Set(paths) }
}

function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules') return []
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesOf(path) : [path]
  })
}

test('nothing points to what is not in the repository', () => {
  expect(findDangling(readTree()).filter((found) => !hasExamples.test(found))).toEqual([])
})

const page = '# A page\n\n## Birds: the pigeon\n'

test.each([
  ['a page', 'src/a.ts', '/** See birds.md. */', 'birds.md'],
  ['a page elsewhere', 'src/a.ts', '// As ../design/page.md says.', '../design/page.md'],
  ['a file', 'src/a.ts', '/** As b.ts does. */', 'b.ts'],
  ['a file in the head of a script', 'src/a.lua', '--[[\n  As b.lua does.\n]]', 'b.lua'],
  ['a heading', 'src/a.ts', '/** See docs/page.md,\n * "Birds: the dove". */', 'docs/page.md, "Birds: the dove"'],
  ['a decision', 'docs/other.md', 'See ADR 0099.', 'ADR 0099'],
  ['a link', 'docs/other.md', '[there](missing.svg)', '](missing.svg)'],
  ['an anchor', 'docs/other.md', '[there](page.md#birds-the-dove)', '](page.md#birds-the-dove)'],
  ['the number of a row in a comment', 'src/a.ts', '/** Row Q-7. */', 'Q-7'],
  ['the number of a row in a title', 'test/a.test.ts', "test('Q-07: it flies', fly)", 'Q-07'],
  ['the mark of a note', 'src/a.ts', '/** It flies (CONTRA). */', 'CONTRA'],
  ['a note by its number', 'src/a.ts', '/** It flies (facts 3.2). */', 'facts 3'],
])('%s that is not there is found', (_what, path, text, found) => {
  const texts = new Map([['docs/page.md', page] as const, [path, text] as const])
  expect(findDangling({ texts, paths: new Set(texts.keys()) })).toEqual([`${path}: ${found}`])
})

test.each([
  ['src/a.ts', '/** See docs/page.md, "Birds: the pigeon", and a.ts. */'],
  ['src/a.ts', "const text = 'See birds.md.' // UTF-8, SHA-256, https://example.com/birds.md"],
  ['docs/other.md', 'The probe `OCT-CONTRA-1` asks.'],
  ['docs/other.md', '[there](page.md#birds-the-pigeon)\n\n```ts\n// pigeon.ts\n```\n'],
])('what is there is not: %s %s', (path, text) => {
  const texts = new Map([['docs/page.md', page] as const, [path, text] as const])
  expect(findDangling({ texts, paths: new Set(texts.keys()) })).toEqual([])
})
