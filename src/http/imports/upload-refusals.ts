import { nearName } from '../../domain/near-name.ts'
import { Problem } from '../problems/problems.ts'
import { ImportOptionsSchema } from './import-schema.ts'

export const noFile = {
  pointer: '#/file',
  code: 'required',
  detail: 'The upload has no part named file with the CSV file or Excel workbook.',
}

/** The refusal of a part that an upload does not have. */
export function unexpectedPart(name: string): Problem {
  const detail = `An upload has one part named file and at most one named options.${adviceForPart(name)}`
  return new Problem('validation-failed', {
    errors: [{ pointer: `#/${encodeURIComponent(name.slice(0, 100))}`, code: 'unknown_member', detail }],
    headers: { connection: 'close' },
  })
}

const parts = ['file', 'options']

function adviceForPart(name: string): string {
  const meant = parts.includes(name) ? undefined : nearName(name, parts)
  if (meant !== undefined) return ` Did you mean ${meant}?`
  const option = nearName(name, Object.keys(ImportOptionsSchema.properties))
  if (option !== undefined) return ` Put it into options: -F 'options={"${option}": … }'.`
  return ' Leave the others out.'
}

export const boundary = /;\s*boundary=\s*[^\s;]/i

/** The refusal of a form of which the client has left out where its parts end. */
export function noBoundary(): Problem {
  return new Problem('malformed-request', {
    detail:
      'The header Content-Type has no boundary. Do not set it yourself: curl -F, FormData and libraries for forms write it, with the boundary that they use.',
    headers: { connection: 'close' },
  })
}

/** Longer is no name of a file. */
const longestName = 300
const nameOfFile = /^[^\r\n\t;]*\.(?:csv|tsv|txt|xlsx?|ods)\s*$/i

/**
 * Passes a part on. Without a file name of its own (`curl -F file=people.csv`) it may hold the name of a file where the
 * file was meant.
 * @throws Problem in the place of the end
 */
export async function* refuseNames(
  part: AsyncIterable<Buffer>,
  fileName: string | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  let start = ''
  for await (const chunk of part) {
    if (fileName === undefined && start.length <= longestName) start += chunk.toString('latin1', 0, longestName + 1)
    yield chunk
  }
  if (start.length <= longestName && nameOfFile.test(start))
    throw new Problem('validation-failed', { errors: [{ pointer: '#/file', code: 'file_name', detail: nameOnly }] })
}

const nameOnly = 'The part file holds the name of a file, not the file. With curl an @ reads it: -F file=@people.csv.'
