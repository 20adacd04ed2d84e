import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codeBlocks } from './code-blocks.ts'

const folder = join(import.meta.dirname, 'pigeon')
const page = await readFile(join(import.meta.dirname, '../../docs/add-a-provider.md'), 'utf8')
const blocks = codeBlocks(page, 'ts')
const files = [
  ...(await readdir(folder)).map((name) => ['pigeon', name] as const),
  ['.', 'pigeon-cases.test.ts'] as const,
]

/** As the file would stand in a folder beside those of the providers that are shipped, or its test beside theirs. */
const asOnPage = (text: string) =>
  text
    .replaceAll("'../../../src/providers/", "'../")
    .replaceAll("'../../../src/domain/", "'../../domain/")
    .replaceAll("'../providers/adapter-cases.ts'", "'./adapter-cases.ts'")
    .replaceAll("'./pigeon/index.ts'", "'../../src/providers/pigeon/index.ts'")
    .trim()

describe('the page that says how to add a provider', () => {
  test.each(files)('shows %s/%s as it is compiled and run here', async (at, name) => {
    expect(blocks).toContain(asOnPage(await readFile(join(import.meta.dirname, at, name), 'utf8')))
  })

  test('shows no other code, but for the lines that a registry and a test then need', () => {
    expect(blocks).toHaveLength(files.length + 2)
  })
})
