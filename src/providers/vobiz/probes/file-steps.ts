import { stringify } from 'csv-stringify/sync'
import type { ProviderRequest } from '../../adapter-port.ts'
import { type Said, type Step, statusOf } from '../../probing.ts'
import { get } from '../../requests.ts'
import { readImportSummary } from '../wire.ts'
import { badNumbers, firstOf, idFrom, searchFindsPeople, secondOf } from './test-contact.ts'
import { idsFound } from './tidy.ts'

export const importedTag = 'cgw-imported'
export const importedName = 'Cgw Verify\nfrom a file'

/** Before the bad rows somebody who is there, after them somebody new. The first name has two lines. */
function fileWithBadRows(said: Said): string {
  const tags = tagsOf(said)
  return stringify([
    ['phone_number', 'name', 'tags'],
    [firstOf(said), importedName, tags],
    ...badNumbers.map((number) => [number, 'Cgw Verify bad', tags]),
    [secondOf(said), 'Cgw Verify from a file', tags],
  ])
}

/** As many rows, all of them good. */
function fileOfGoodRows(said: Said): string {
  const people = [firstOf(said), secondOf(said), firstOf(said), secondOf(said)]
  return stringify([
    ['phone_number', 'name', 'tags'],
    ...people.map((number) => [number, 'Cgw Verify from a file', tagsOf(said)]),
  ])
}

const tagsOf = ({ mark }: Said) => `${mark},${importedTag}`

const upload = (content: string): ProviderRequest => ({
  method: 'POST',
  path: '/contacts/import',
  file: { field: 'file', fileName: 'contacts.csv', type: 'text/csv', content },
})

/** Whether a file was refused as a whole, so that it is open why. */
function isRefused(said: Said): boolean {
  const response = said.answer('import')
  const isRefusal = response?.status === 400 || response?.status === 422
  return isRefusal && readImportSummary(response.body) === undefined
}

/** One file: somebody who is there, two bad rows, somebody new. */
export const fileSteps: readonly Step[] = [
  {
    id: 'import',
    does: 'Import a file of four rows: the first test person, two bad numbers, the second test person',
    writes: true,
    request: (said) => (searchFindsPeople(said) ? upload(fileWithBadRows(said)) : undefined),
  },
  {
    id: 'get-import',
    does: 'Read what became of the first test person',
    writes: true,
    request: (said) => {
      const id = idFrom(said, 'create')
      return id === undefined || statusOf(said, 'import') === undefined
        ? undefined
        : get(`/contacts/${encodeURIComponent(id)}`)
    },
  },
  {
    id: 'find-imported',
    does: 'Search for the second test person',
    writes: true,
    wait: { after: 'import', ms: 3_000 },
    request: (said) =>
      statusOf(said, 'import') === undefined
        ? undefined
        : get(`/contacts?search=${encodeURIComponent(secondOf(said).slice(1))}&limit=100`),
    made: idsFound,
  },
  {
    id: 'import-good',
    does: 'Import a file of good rows, where the other was refused',
    writes: true,
    request: (said) => (isRefused(said) ? upload(fileOfGoodRows(said)) : undefined),
  },
]
