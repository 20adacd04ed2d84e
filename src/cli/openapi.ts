import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readBuild } from '../config/build.ts'
import { openapiDocument } from './openapi-document.ts'
import { replaceFile } from './replace-file.ts'

/** `npm run openapi` writes the document; with `--check` it only compares, and exits with 1 when the file is not current. */
const file = fileURLToPath(new URL('../../openapi/openapi.json', import.meta.url))
const document = await openapiDocument(readBuild({}))
if (!process.argv.includes('--check')) await replaceFile(file, [Buffer.from(document)])
else if (readFileSync(file, 'utf8') !== document) {
  process.stderr.write('openapi/openapi.json is not current: run npm run openapi and commit it.\n')
  process.exit(1)
}
