import type { Operation } from './answer-cells.ts'
import type { AnswerKindName } from './answer-kinds.ts'
import type { Provider } from './start-fleet.ts'

/**
 * For each operation what the caller may hear, and how many calls the provider gets at most; then the kinds of answers that
 * this holds for. Whatever is heard, what the provider has in the end is checked as well (`answer-truth.ts`).
 */
type Row = readonly [cells: string, kinds: readonly AnswerKindName[]]

/**
 * Words: `created` … `unknown` are outcomes. `shown`, `whole` and `changed` are a 200 with the contact, all of the list, or the
 * contact after a change; `part` a list that says that it is not whole; `gone` is a 204. `failed` says of a reading that
 * nothing could be read, and of a write that certainly nothing was done.
 */
// biome-ignore format: a table
export const answerTable: Readonly<Record<Provider, readonly Row[]>> = {
  oblic: [
    ['create accepted 1, add accepted 1, batch accepted 1, import accepted 1', [
      '200', '201', '202', '206', 'as documented', 'in an envelope of success', 'the word OK',
      'numbers and flags as texts', 'after 102 Processing', 'two answers', 'kept alive and closed',
      'HTTP/1.0 without a length', 'gzip', 'gzip without a word', 'a byte order mark', 'as text/html',
      'in an envelope', 'after 100 Continue',
    ]],
    ['create unknown 1, add unknown 1, batch unknown 1, import unknown 1', [
      '204 and nothing', '202 and nothing', 'nothing', 'null', 'an empty object', 'an empty list',
      'a page, after it was done', 'a page with 502, after it was done', 'in a list', 'as a JSON text',
      'with success: false', 'with an error', 'with a list of errors', 'an error with 200, after it was done',
      '400 with what succeeded', '404 with what succeeded', '409 with what succeeded', '413 with what succeeded',
      '422 with what succeeded', '429 with what succeeded', '500 with what succeeded', 'the word queued',
      'the word skipped', 'cut short', 'broken off', 'longer than it says', 'after a warning of PHP',
      'after 101 Switching Protocols', '303, after it was done', 'a page with 200', 'a page with 404',
      'a page with 502', 'a router that knows no such path', '302 to a login', '503 and nothing',
      'success: false alone', 'an error with 200',
    ]],
    ['create failed 1, add failed 1, batch failed 1, import failed 1', [
      'a page with 403',
    ]],
    ['create failed 2, add failed 2, batch failed 2, import failed 11', [
      '429 without Retry-After',
    ]],
  ],
  octopush: [
    ['create created 1, add created 2, batch created 2, import created 2, patch changed 1, delete gone 1, ' +
      'remove gone 1', [
      '200', '201', '206', 'as documented', 'in an envelope', 'in an envelope of success', 'as a JSON text',
      'with a list of errors', 'numbers as numbers', 'numbers with blanks', 'numbers without a country',
      'numbers and flags as texts', 'lists as objects', 'an odd item', 'an item twice', 'after 102 Processing',
      'two answers', 'kept alive and closed', 'HTTP/1.0 without a length', 'gzip', 'gzip without a word',
      'a byte order mark', 'as text/html', 'after 100 Continue',
    ]],
    ['create created 1, add created 2, batch created 2, import created 2, patch changed 1, delete unknown 1, ' +
      'remove unknown 1', [
      '202',
    ]],
    ['create unknown 1, add unknown 2, batch unknown 2, import unknown 7, patch unknown 1, delete gone 1, ' +
      'remove gone 1', [
      '204 and nothing', 'nothing', 'an empty object', 'in a list', 'with success: false', 'with an error',
      'without its number', 'another number', 'lists in lists', 'cut short', 'longer than it says',
      'after a warning of PHP',
    ]],
    ['create unknown 1, add unknown 2, batch unknown 2, import unknown 7, patch unknown 1, delete unknown 1, ' +
      'remove unknown 1', [
      '202 and nothing', 'null', 'an empty list', 'a page, after it was done',
      'an error with 200, after it was done', '400 with what succeeded', '409 with what succeeded',
      '413 with what succeeded', '422 with what succeeded', '429 with what succeeded', '303, after it was done',
      'a page with 200', 'a page with 404', 'a router that knows no such path', '302 to a login',
      'success: false alone', 'an error with 200',
    ]],
    ['create unknown 2, add unknown 3, batch unknown 3, import unknown 12, patch unknown 2, delete unknown 2, ' +
      'remove unknown 2', [
      'a page with 502, after it was done', '500 with what succeeded', 'after 101 Switching Protocols',
      'a page with 502', '503 and nothing',
    ]],
    ['create unknown 1, add unknown 2, batch unknown 2, import unknown 7, patch unknown 1, delete gone 1, ' +
      'remove unknown 1', [
      '404 with what succeeded',
    ]],
    ['create unknown 1, add unknown 2, batch unknown 2, import unknown 2, patch unknown 1, delete gone 1, ' +
      'remove gone 1', [
      'the word queued', 'no item',
    ]],
    ['create accepted 1, add accepted 2, batch accepted 2, import accepted 2, patch changed 1, delete gone 1, ' +
      'remove gone 1', [
      'the word OK',
    ]],
    ['create skipped 1, add skipped 2, batch skipped 2, import skipped 2, patch rejected 1, delete gone 1, ' +
      'remove gone 1', [
      'the word skipped',
    ]],
    ['create unknown 1, add unknown 2, batch unknown|created 2, import unknown|created 7, patch unknown 1, ' +
      'delete gone 1, remove gone 1', [
      'somebody else',
    ]],
    ['create unknown 2, add unknown 3, batch unknown 3, import unknown 12, patch unknown 2, delete gone 1, ' +
      'remove gone 1', [
      'broken off',
    ]],
    ['create failed 1, add failed 2, batch failed 2, import failed 2, patch failed 1, delete failed 1, ' +
      'remove failed 1', [
      'a page with 403',
    ]],
    ['create failed 2, add failed 3, batch failed 3, import failed 12, patch failed 2, delete failed 2, ' +
      'remove failed 2', [
      '429 without Retry-After',
    ]],
  ],
  vobiz: [
    ['create created 1, add created 1, batch created 3, file created 1, import created 2, settle created 2, ' +
      'get shown 1, list whole 2, patch changed 2, merge changed 2, delete gone 1, remove gone 2, leave gone 2', [
      '200', '201', '206', 'as documented', 'in an envelope', 'in an envelope of success', 'numbers as numbers',
      'numbers with blanks', 'numbers and flags as texts', 'lists as objects', 'objects as pairs', 'an item twice',
      'after 102 Processing', 'gzip', 'gzip without a word', 'a byte order mark', 'as text/html',
    ]],
    ['create created 2, add created 2, batch created 6, file created 1, import created 4, settle created 2, ' +
      'get shown 1, list whole 2, patch unknown 2, merge changed 2, delete gone 2, remove unknown 2, leave gone 2', [
      '202',
    ]],
    ['create created 2, add created 2, batch created 6, file unknown 1, import created 4, settle unknown 7, ' +
      'get failed 1, list whole 1, patch changed 2, merge failed 1, delete gone 1, remove gone 2, leave failed 1', [
      '204 and nothing',
    ]],
    ['create created 2, add created 2, batch created 6, file unknown 1, import created 4, settle unknown 2, ' +
      'get failed 1, list failed 1, patch unknown 2, merge failed 1, delete gone 2, remove unknown 2, ' +
      'leave failed 1', [
      '202 and nothing', 'null', 'a page, after it was done', '404 with what succeeded', '413 with what succeeded',
      '429 with what succeeded', '303, after it was done',
    ]],
    ['create created 1, add created 1, batch created 3, file unknown 1, import created 2, settle unknown 2, ' +
      'get failed 1, list failed 1, patch changed 2, merge failed 1, delete gone 1, remove gone 2, leave failed 1', [
      'nothing', 'an empty object',
    ]],
    ['create created 2, add created 2, batch created 6, file unknown 1, import created 4, settle unknown 7, ' +
      'get failed 1, list whole 1, patch unknown 2, merge failed 1, delete gone 2, remove unknown 2, leave failed 1', [
      'an empty list',
    ]],
    ['create created 2, add created 2, batch created 6, file unknown 2, import created 4, settle unknown 3, ' +
      'get failed 2, list failed 2, patch unknown 3, merge failed 2, delete gone 3, remove unknown 3, ' +
      'leave failed 2', [
      'a page with 502, after it was done', 'an error with 200, after it was done', '500 with what succeeded',
      'after 101 Switching Protocols',
    ]],
    ['create created 2, add created 2, batch created 6, file created 1, import created 4, settle created 2, ' +
      'get shown 1, list whole 2, patch changed 2, merge changed 2, delete gone 3, remove gone 2, leave gone 2', [
      'after 100 Continue',
    ]],
    ['create created 2, add created 2, batch created 6, file created 1, import created 4, settle unknown 2, ' +
      'get shown 1, list failed 1, patch unknown 2, merge changed 2, delete gone 1, remove unknown 2, leave gone 2', [
      'in a list',
    ]],
    ['create created 2, add created 2, batch created 6, file created 1, import created 4, settle created 2, ' +
      'get shown 1, list whole 2, patch unknown 2, merge changed 2, delete gone 1, remove unknown 2, leave gone 2', [
      'as a JSON text',
    ]],
    ['create created 2, add created 2, batch created 6, file unknown 1, import created 4, settle unknown 2, ' +
      'get failed 1, list failed 1, patch unknown 2, merge failed 1, delete gone 1, remove unknown 2, ' +
      'leave failed 1', [
      'with success: false', 'with an error', 'cut short', 'longer than it says', 'after a warning of PHP',
    ]],
    ['create created 2, add created 2, batch created 6, file unknown 1, import created 4, settle created 2, ' +
      'get shown 1, list whole 2, patch unknown 2, merge changed 2, delete gone 1, remove unknown 2, leave gone 2', [
      'with a list of errors',
    ]],
    ['create created 2, add created 2, batch created 6, file created 1, import created 4, settle unknown 2, ' +
      'get failed 1, list failed 1, patch unknown 2, merge failed 1, delete gone 2, remove unknown 2, ' +
      'leave failed 1', [
      '400 with what succeeded', '422 with what succeeded',
    ]],
    ['create created 1, add unknown 3, batch unknown 9, file created 1, import created|updated|unknown 30, ' +
      'settle unknown 3, get shown 1, list part 2, patch changed 2, merge changed 2, delete gone 1, remove gone 2, ' +
      'leave not-found 1', [
      'without its lists and data',
    ]],
    ['create created 1, add created 1, batch created 3, file created 1, import created 2, settle unknown 2, ' +
      'get shown 1, list whole 2, patch changed 2, merge changed 2, delete gone 1, remove gone 2, leave gone 2', [
      'without its number', 'numbers without a country',
    ]],
    ['create created 1, add created 1, batch created 3, file unknown 1, import created 2, settle unknown 2, ' +
      'get shown 1, list failed 1, patch changed 2, merge failed 1, delete gone 1, remove gone 2, leave failed 1', [
      'with an id alone',
    ]],
    ['create unknown 1, add unknown 1, batch unknown 3, file created 1, import unknown 2, settle unknown 7, ' +
      'get failed 1, list whole 2, patch unknown 2, merge failed 1, delete gone 1, remove unknown 2, leave failed 1', [
      'somebody else',
    ]],
    ['create unknown 1, add unknown 1, batch unknown 3, file created 1, import unknown 2, settle unknown 7, ' +
      'get shown 1, list whole 2, patch unknown 2, merge unknown 2, delete gone 1, remove gone 2, leave gone 2', [
      'another number',
    ]],
    ['create created 1, add created 1, batch created 3, file created 1, import created 2, settle created 2, ' +
      'get failed 1, list whole 2, patch unknown 2, merge failed 1, delete gone 1, remove unknown 2, leave failed 1', [
      'another id',
    ]],
    ['create created 1, add created 1, batch created 3, file unknown 1, import created 2, settle created 2, ' +
      'get shown 1, list failed 1, patch changed 2, merge changed 2, delete gone 1, remove gone 2, leave gone 2', [
      'lists in lists',
    ]],
    ['create created 1, add created 1, batch created 3, file created 1, import created 2, settle created 2, ' +
      'get shown 1, list part 2, patch changed 2, merge changed 2, delete gone 1, remove gone 2, leave gone 2', [
      'an odd item',
    ]],
    ['create created 1, add created 1, batch created 3, file created 1, import created 2, settle unknown 7, ' +
      'get shown 1, list part 2, patch changed 2, merge changed 2, delete gone 1, remove gone 2, leave gone 2', [
      'an item less',
    ]],
    ['create created 1, add created 1, batch created 3, file created 1, import created 2, settle unknown 7, ' +
      'get shown 1, list part 1, patch changed 2, merge changed 2, delete gone 1, remove gone 2, leave gone 2', [
      'no item',
    ]],
    ['create created 2, add created 2, batch created 6, file unknown 2, import created 4, settle unknown 3, ' +
      'get failed 2, list failed 2, patch unknown 3, merge failed 2, delete gone 1, remove unknown 3, ' +
      'leave failed 2', [
      'broken off',
    ]],
    ['create created 1, add created 1, batch created 3, file created 1, import created|unknown 6, ' +
      'settle created|unknown 3, get shown 1, list whole 3, patch changed|unknown 3, merge changed|unknown 3, ' +
      'delete gone 1, remove gone|unknown 3, leave gone|unknown 3', [
      'two answers', 'kept alive and closed', 'HTTP/1.0 without a length',
    ]],
    ['create unknown 5, add unknown 5, batch unknown 15, file unknown 1, import unknown 80, settle unknown 2, ' +
      'get failed 1, list failed 1, patch unknown 2, merge failed 1, delete unknown 2, remove unknown 2, ' +
      'leave failed 1', [
      'a page with 200', 'a page with 404', 'a router that knows no such path', '302 to a login',
      'success: false alone',
    ]],
    ['create failed 1, add failed 1, batch failed 3, file failed 1, import failed 2, settle unknown 2, ' +
      'get failed 1, list failed 1, patch failed 2, merge failed 1, delete failed 1, remove failed 2, ' +
      'leave failed 1', [
      'a page with 403',
    ]],
    ['create unknown 5, add unknown 5, batch unknown 15, file unknown 2, import unknown 80, settle unknown 3, ' +
      'get failed 2, list failed 2, patch unknown 3, merge failed 2, delete unknown 3, remove unknown 3, ' +
      'leave failed 2', [
      'a page with 502', '503 and nothing', 'an error with 200',
    ]],
    ['create failed 2, add failed 2, batch failed 6, file failed 2, import failed 17, settle unknown 3, ' +
      'get failed 2, list failed 2, patch failed 3, merge failed 2, delete failed 2, remove failed 3, ' +
      'leave failed 2', [
      '429 without Retry-After',
    ]],
  ],
}

export type Allowed = { readonly words: readonly string[]; readonly calls: number }

/** What the table allows in a cell. @throws where it does not say it, or says it twice */
export function allowedIn(kind: AnswerKindName, provider: Provider, operation: Operation): Allowed {
  const rows = answerTable[provider].filter(([, kinds]) => kinds.includes(kind))
  const cells = rows.flatMap(([text]) => text.split(', ').map((cell) => cell.split(' ')))
  const [found, ...more] = cells.filter(([name]) => name === operation)
  if (found === undefined || more.length > 0)
    throw new Error(`${kind}, ${operation} at ${provider}: ${rows.length} rows`)
  const [, words = '', calls] = found
  return { words: words.split('|'), calls: Number(calls) }
}

/**
 * Is a cell tried where not all can be? Of the kinds of a row, which end alike, the first one is in all operations; the others
 * take every second one in turn, and no import.
 */
export function isTried(kind: AnswerKindName, provider: Provider, operation: Operation, nth: number): boolean {
  const [, kinds = []] = answerTable[provider].find(([, all]) => all.includes(kind)) ?? []
  const place = kinds.indexOf(kind)
  return place === 0 || (operation !== 'import' && (place + nth) % 2 === 0)
}
