import { list, members } from './repeat.ts'
import { json, type WorstRequest, type WorstTexts } from './worst-request.ts'

/** What stands in the address and in headers; Node takes 16 KB of them. */
export function* worstAddresses(texts: WorstTexts): Generator<WorstRequest> {
  const get = (title: string, path: string, headers: Record<string, string> = {}): WorstRequest => ({
    title,
    method: 'GET',
    path,
    headers,
  })
  const longest = 12_000
  for (const [kind, text] of Object.entries(texts)) {
    const inAddress = encodeURIComponent(
      text(longest / 9)
        .slice(0, 1_000)
        .toWellFormed(),
    )
      .slice(0, longest)
      .replace(/%.?$/, '')
    yield get(`a contact's id of ${kind}`, `/contacts/${inAddress}`)
    yield get(`a contact's id at an account of ${kind}`, `/contacts/octopush-fr:${inAddress}`)
    yield get(`a list's id of ${kind}`, `/lists/${inAddress}/contacts`)
    yield get(`a query of ${kind}`, `/contacts?account=octopush-fr&phone=${inAddress}`)
    yield get(`an e-mail in a query of ${kind}`, `/contacts?account=oblic-main&email=${inAddress}`)
    yield get(`a cursor of ${kind}`, `/lists/newsletter/contacts?account=oblic-main&cursor=${inAddress}`)
    yield get(`a name in a query of ${kind}`, `/contacts?${inAddress}=1`)
    const header = text(longest / 3)
      .replace(/[^\x20-\x7e]/g, '9')
      .slice(0, longest)
      .trim()
    const of = [
      'idempotency-key',
      'x-forwarded-for',
      'traceparent',
      'prefer',
      'accept',
      'last-event-id',
      'content-type',
      'x-request-id',
      'baggage',
      'origin',
    ]
    for (const name of of) yield get(`a header ${name} of ${kind}`, '/lists', { [name]: header })
    yield {
      title: `a key of ${kind}`,
      method: 'POST',
      path: '/contacts?account=oblic-main',
      headers: { ...json, 'idempotency-key': header },
      body: Buffer.from('{"email":"a@example.com"}'),
    }
    yield {
      title: `a type of ${kind}`,
      method: 'POST',
      path: '/lists/newsletter/imports',
      headers: { 'content-type': `multipart/form-data; boundary=${header}` },
      body: Buffer.from('x'),
    }
  }
  yield get('many addresses before this one', '/lists', { 'x-forwarded-for': list('1.1.1.1', longest) })
  yield get('many preferences', '/lists', { prefer: list('a=b', longest) })
  yield get('many members of a query', `/contacts?${members(longest, (at) => `a${at}=1`).replaceAll(',', '&')}`)
  yield get('one member of a query many times', `/contacts?${list('account=a', longest).replaceAll(',', '&')}`)
  yield get('many steps of a path', '/a'.repeat(longest / 2))
}
