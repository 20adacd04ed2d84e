import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Pool } from 'undici'

/** Uploads a CSV file as an import to a list, and returns the answer. Fails when it is not accepted. */
export async function uploadCsv<Import>(
  pool: Pool,
  authorization: string,
  list: string,
  file: string,
): Promise<Import> {
  const boundary = 'bench-boundary'
  const body = async function* () {
    yield `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="people.csv"\r\ncontent-type: text/csv\r\n\r\n`
    yield* createReadStream(file)
    yield `\r\n--${boundary}--\r\n`
  }
  const answer = await pool.request({
    method: 'POST',
    path: `/lists/${list}/imports`,
    headers: { authorization, 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Readable.from(body(), { objectMode: false }),
  })
  if (answer.statusCode !== 202) throw new Error(`${answer.statusCode} ${await answer.body.text()}`)
  return (await answer.body.json()) as Import
}
