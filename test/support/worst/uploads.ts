import { cell, list, members } from './repeat.ts'
import type { WorstRequest, WorstTexts } from './worst-request.ts'

/** Of the part `options`. */
const optionsBytes = 255 * 1024
/** Of a row, and the header is one. */
const headerBytes = 60_000

/** Files, and how they are to be read. */
export function* worstUploads(texts: WorstTexts): Generator<WorstRequest> {
  for (const [kind, text] of Object.entries(texts)) {
    const long = text(headerBytes / 3).slice(0, headerBytes / 3)
    yield upload(`a header of ${kind}`, `${cell(long)}\n1\n`)
    yield upload(`a header of ${kind} beside an e-mail`, `email,${cell(long)}\na@example.com,1\n`)
    const columns = Array.from({ length: 480 }, (_, at) => cell(`${text(36).slice(0, 36)}${at}`))
    yield upload(`480 columns of ${kind}`, `email,${columns.join(',')}\na@example.com${',1'.repeat(480)}\n`)
    const mapping = Object.fromEntries(columns.slice(1).map((_, at) => [`${text(36).slice(0, 36)}${at + 1}`, null]))
    const options = JSON.stringify({ mapping })
    yield upload(
      `480 columns of ${kind}, each with a mapping`,
      `email,${columns.join(',')}\na@example.com${',1'.repeat(480)}\n`,
      options,
    )
    const cells = `${cell(text(15_000).slice(0, 15_000))},`.repeat(4).slice(0, -1)
    yield upload(`cells of ${kind}`, `email,phone,name,tags\n${`${cells}\n`.repeat(40)}`)
    yield upload(
      `a cell of ${kind}, a phone in a country`,
      `phone\n${`${cell(text(20_000).slice(0, 20_000))}\n`.repeat(40)}`,
      '{"defaultCountry":"DE"}',
    )
  }
  yield upload('30,000 columns', `${list('a', 60_000)}\n${list('1', 60_000)}\n`)
  yield upload('30,000 columns with names of their own', `email,${members(60_000, (at) => at.toString(36))}\n1\n`)
  yield upload(
    '500 columns that are mapped, and 500 names that are not there',
    `email,${members(5_000, (at) => `col${at}`)}\n1\n`,
    JSON.stringify({
      mapping: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`nobody${at}${'ﷺ'.repeat(60)}`, 'phone'])),
    }),
  )
  yield upload('rows of many cells', `email,phone\n${`${','.repeat(30_000)}\n`.repeat(60)}`)
  yield upload('rows of nothing', `email\n${'\n'.repeat(2_000_000)}`)
  yield upload('rows of one letter', `email\n${'a\n'.repeat(500_000)}`)
  yield upload('a quote that stays open', `email\n"${'a\n'.repeat(1_000_000)}`)
  yield upload('quotes without end', `email\n${'"'.repeat(2_000_000)}`)
  yield upload('tags without end', `email,tags\n${`a@example.com,"${'a,'.repeat(15_000)}"\n`.repeat(60)}`)
  yield upload('tags in quotes without end', `email,tags\n${`a@example.com,"${'""a"",'.repeat(5_000)}"\n`.repeat(60)}`)
  yield upload(
    'tags by a separator of ten characters',
    `email,tags\n${`a@example.com,${'aaaaaaaaa'.repeat(5_000)}\n`.repeat(60)}`,
    '{"tagSeparator":"aaaaaaaaab"}',
  )
  yield upload(
    'empty cells by fifty spellings',
    `email,name\n${`a@example.com,${'n'.repeat(99)}\n`.repeat(20_000)}`,
    JSON.stringify({ emptyCells: Array.from({ length: 50 }, (_, at) => `${'n'.repeat(98)}${at}`) }),
  )
  yield upload(
    'a mapping of 500 long names',
    'email\na@example.com\n',
    JSON.stringify({
      mapping: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`${'ﷺ'.repeat(165)}${at}`, null])),
    }),
  )
  yield upload(
    'one name in a mapping',
    'email\na@example.com\n',
    JSON.stringify({ mapping: { ['ﷺ'.repeat(80_000)]: 'email' } }),
  )
  yield upload(
    'options in options',
    'email\na@example.com\n',
    `{"mapping":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`,
  )
  yield upload('options of lists', 'email\na@example.com\n', '['.repeat(optionsBytes))
  yield upload('options of members', 'email\na@example.com\n', `{${members(optionsBytes, (at) => `"a${at}":0`)}}`)
  yield upload('empty cells without end', 'email\na@example.com\n', `{"emptyCells":[${list('"a"', optionsBytes)}]}`)
  const parts = '--b\r\ncontent-disposition: form-data; name="x"\r\n\r\n\r\n'.repeat(20_000)
  yield { ...upload('', ''), title: 'parts without end', body: Buffer.from(`${parts}--b--\r\n`) }
  const heads = `--b\r\n${'x: y\r\n'.repeat(100_000)}\r\n\r\n--b--\r\n`
  yield { ...upload('', ''), title: 'headers of a part without end', body: Buffer.from(heads) }
  const almost = `--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nemail\n${'\r\n--'.repeat(400_000)}\r\n--b--\r\n`
  yield { ...upload('', ''), title: 'what almost ends a part, without end', body: Buffer.from(almost) }
  const name = `--b\r\ncontent-disposition: form-data; name="file"; filename*=UTF-8''${'%'.repeat(60_000)}\r\n\r\nemail\n\r\n--b--\r\n`
  yield { ...upload('', ''), title: 'a file name of percent signs', body: Buffer.from(name) }
}

function upload(title: string, file: string, options?: string): WorstRequest {
  const part = (name: string, content: string) =>
    `--b\r\ncontent-disposition: form-data; name="${name}"; filename="${name}"\r\n\r\n${content}\r\n`
  const body = `${options === undefined ? '' : part('options', options)}${part('file', file)}--b--\r\n`
  return {
    title,
    method: 'POST',
    path: '/lists/newsletter/imports',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: Buffer.from(body),
  }
}
