import type { TestContact } from './contact-source.ts'
import { untilDone, upload } from './import-calls.ts'
import type { Provider } from './start-fleet.ts'
import type { Answer, TestGateway } from './start-gateway.ts'

/**
 * What the gateway offers. `file`: a batch that goes to Vobiz as one CSV file. In three operations the write is answered as
 * documented and the reading that goes with it is not: `settle`, the question about a create whose answer was lost; `merge`,
 * a PATCH of an attribute; `leave`, a removal from a list.
 */
export type Operation =
  | 'create'
  | 'add'
  | 'batch'
  | 'file'
  | 'import'
  | 'settle'
  | 'get'
  | 'list'
  | 'patch'
  | 'merge'
  | 'delete'
  | 'remove'
  | 'leave'

export const operationsOf: Readonly<Record<Provider, readonly Operation[]>> = {
  oblic: ['create', 'add', 'batch', 'import'],
  octopush: ['create', 'add', 'batch', 'import', 'patch', 'delete', 'remove'],
  vobiz: [
    'create',
    'add',
    'batch',
    'file',
    'import',
    'settle',
    'get',
    'list',
    'patch',
    'merge',
    'delete',
    'remove',
    'leave',
  ],
}
export const isAdding = (operation: Operation) =>
  ['create', 'add', 'batch', 'file', 'import', 'settle'].includes(operation)
/** It is the answer to a reading that differs. */
export const reads = (operation: Operation) => ['settle', 'get', 'list', 'merge', 'leave'].includes(operation)
const contactsOf: Partial<Record<Operation, number>> = { batch: 3, file: 20, import: 2, list: 3 }
export const contactsIn = (operation: Operation) => contactsOf[operation] ?? 1

export type CellPlace = {
  /** Names its account, its list and its way. */
  readonly id: string
  readonly provider: Provider
  readonly operation: Operation
  readonly contacts: readonly TestContact[]
}

/** What the caller heard: a word for each contact, or one for the whole, and all the text that came. */
export type Heard = { readonly words: readonly string[]; readonly text: string; readonly items?: Answer['body'][] }

/** Of what is there already, and of what it is changed to. */
export const city = 'Pune'
export const newSeat = 7
export const newName = { firstName: 'Changed', lastName: 'Name' } as const

/** Puts the contacts there, for operations on what is there. Gives their ids. */
export async function prepare(gateway: TestGateway, { id, contacts }: CellPlace): Promise<readonly string[]> {
  const whole = contacts.map((contact) => ({ ...contact, attributes: { city } }))
  const answer = await gateway.call('POST', `/lists/${id}/contacts`, { body: { contacts: whole } })
  return answer.body.results.map(({ outcomes }: Answer['body']) => encodeURIComponent(outcomes[0].id))
}

export async function act(gateway: TestGateway, cell: CellPlace, ids: readonly string[]): Promise<Heard> {
  const { id, operation } = cell
  const [key] = ids
  const [contact] = cell.contacts
  switch (operation) {
    case 'import':
      throw new Error('several are imported together: importTo')
    case 'create':
      return hearOne(await gateway.call('POST', `/contacts?account=${id}`, { body: contact }))
    case 'add':
    case 'settle':
    case 'batch':
    case 'file':
      return hearBatch(await gateway.call('POST', `/lists/${id}/contacts`, { body: { contacts: sentBy(cell) } }))
    case 'get':
      return hearOne(await gateway.call('GET', `/contacts/${key}`), 'shown')
    case 'list':
      return hearPages(gateway, id)
    case 'patch':
      return hearOne(await gateway.call('PATCH', `/contacts/${key}`, { body: newName }), 'changed')
    case 'merge':
      return hearOne(
        await gateway.call('PATCH', `/contacts/${key}`, { body: { attributes: { seat: newSeat } } }),
        'changed',
      )
    case 'delete':
      return hearOne(await gateway.call('DELETE', `/contacts/${key}`), 'gone')
    case 'remove':
    case 'leave':
      return hearOne(await gateway.call('DELETE', `/lists/${id}/contacts/${key}`), 'gone')
  }
}

const sentBy = ({ operation, contacts }: CellPlace) =>
  operation === 'file' ? contacts.map(({ name, phone }) => ({ name, phone })) : contacts

const wordOfStatus: Readonly<Record<number, string>> = {
  404: 'not-found',
  409: 'rejected',
  422: 'rejected',
  502: 'failed',
  503: 'failed',
  504: 'unknown',
}

function hearOne({ status, body, text }: Answer, success?: string): Heard {
  const word = status < 300 ? (success ?? body.status) : (wordOfStatus[status] ?? String(status))
  const isDoubted = status === 504 && body.code !== 'outcome-unknown'
  return { words: [isDoubted ? 'failed' : word], text, items: [body] }
}

function hearBatch({ status, body, text }: Answer): Heard {
  if (status !== 207) return { words: [String(status)], text }
  return { words: body.results.map(({ outcomes }: Answer['body']) => outcomes[0].status), text }
}

/** Imports the same contacts to several places, which are the targets of one list. What was heard of each, in their order. */
export async function importTo(
  gateway: TestGateway,
  list: string,
  places: readonly CellPlace[],
): Promise<readonly Heard[]> {
  const { contacts = [] } = places[0] ?? {}
  const csv = ['name,email,phone', ...contacts.map(({ name, email, phone }) => `${name},${email},${phone}`)].join('\n')
  const accepted = await upload(gateway, { list, csv })
  if (accepted.status !== 202) throw new Error(`${accepted.status} ${accepted.text}`)
  const done = await untilDone(gateway, accepted.body.id)
  const { text, body } = await gateway.call('GET', `/imports/${accepted.body.id}/errors`)
  return places.map(({ id }) => {
    const rows = body.items.filter(({ account }: Answer['body']) => account === id)
    const told = new Set(rows.map(({ status }: Answer['body']) => status))
    // The rows that no report names are alike.
    const [other = 'none'] = Object.entries<number>(done.progress[id]).flatMap(([word, count]) =>
      count > 0 && !told.has(word) ? [word] : [],
    )
    return {
      words: contacts.map((_, index) => rows.find(({ row }: Answer['body']) => row === index + 1)?.status ?? other),
      text,
    }
  })
}

/** All pages, one after the other. `whole` only where nothing is said to be left out. */
async function hearPages(gateway: TestGateway, id: string): Promise<Heard> {
  const items: Answer['body'][] = []
  let [text, cursor, isWhole] = ['', '', true]
  for (let page = 0; page < 5; page++) {
    const { status, body, ...answer } = await gateway.call(
      'GET',
      `/lists/${id}/contacts?account=${id}&limit=2${cursor}`,
    )
    text += answer.text
    if (status !== 200)
      return { words: [status === 504 ? 'failed' : (wordOfStatus[status] ?? String(status))], text, items }
    items.push(...body.items)
    if (body.warnings !== undefined) isWhole = false
    if (body.nextCursor === null) return { words: [isWhole ? 'whole' : 'part'], text, items }
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`
  }
  return { words: ['endless'], text, items }
}
