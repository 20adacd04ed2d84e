import type { Answer, TestGateway } from './start-gateway.ts'

export type Upload = {
  readonly list?: string
  readonly csv: string | Uint8Array<ArrayBuffer>
  readonly options?: unknown
  readonly query?: string
  readonly headers?: Record<string, string>
  readonly fileName?: string
  readonly optionsFirst?: boolean
  readonly client?: string
}

/** Uploads a file as a browser or `curl -F` would. */
export async function upload(
  gateway: TestGateway,
  {
    list = 'newsletter',
    csv,
    options,
    query = '',
    headers = {},
    fileName = 'people.csv',
    optionsFirst = true,
    client,
  }: Upload,
): Promise<Answer> {
  const form = new FormData()
  const addOptions = () => options !== undefined && form.append('options', JSON.stringify(options))
  if (optionsFirst) addOptions()
  form.append('file', new Blob([csv], { type: 'text/csv' }), fileName)
  if (!optionsFirst) addOptions()
  const response = await fetch(`${gateway.url}/lists/${list}/imports${query}`, {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${gateway.key(client)}`, ...headers },
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : undefined,
  }
}

/** Waits for an import's `done` event, and checks on the way that the counts add up in every event. */
export async function untilDone(gateway: TestGateway, id: string, client?: string): Promise<Answer['body']> {
  const response = await fetch(`${gateway.url}/imports/${id}/events`, {
    headers: { authorization: `Bearer ${gateway.key(client)}` },
  })
  const events = parseEvents(await response.text())
  for (const { data } of events) addsUp(data)
  const last = events.at(-1)
  if (last?.name !== 'done') throw new Error(`the last event is ${last?.name}`)
  return last.data
}

export type ServerSentEvent = { readonly id: string; readonly name: string; readonly data: Answer['body'] }

export function parseEvents(text: string): ServerSentEvent[] {
  const fields = (block: string) =>
    Object.fromEntries(block.split('\n').flatMap((line) => (line.startsWith(':') ? [] : [line.split(/: (.*)/s)])))
  return text
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => {
      const { id = '', event = '', data = '{}' } = fields(block)
      return { id, name: event, data: JSON.parse(data) }
    })
}

function addsUp({ rows, progress }: Answer['body']): void {
  for (const [account, counts] of Object.entries(progress)) {
    const sum = Object.values(counts as Record<string, number>).reduce((total, count) => total + count, 0)
    if (sum !== rows) throw new Error(`${account}: ${JSON.stringify(counts)} do not add up to ${rows}`)
  }
}
