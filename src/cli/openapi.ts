import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readBuild } from '../config/build.ts'
import { openapiDocument, openapiDocument30 } from './openapi-document.ts'
import { replaceFile } from './replace-file.ts'

/** `npm run openapi` writes the documents; with `--check` it only compares, and exits with 1 when one is not current. */
const document = await openapiDocument(readBuild({}))
const documents = { 'openapi.json': document, 'openapi-3.0.json': openapiDocument30(document) }
for (const [name, text] of Object.entries(documents)) {
  const file = fileURLToPath(new URL(`../../openapi/${name}`, import.meta.url))
  if (!process.argv.includes('--check')) await replaceFile(file, [Buffer.from(text)])
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`openapi/${name} is not current: run npm run openapi and commit it.\n`)
    process.exit(1)
  }
}
