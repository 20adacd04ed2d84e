import { connect, type Socket } from 'node:net'
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
export async function upload(gateway: TestGateway, { csv, options, optionsFirst = true, ...rest }: Upload) {
  const form = new FormData()
  const addOptions = () => options !== undefined && form.append('options', JSON.stringify(options))
  if (optionsFirst) addOptions()
  form.append('file', new Blob([csv], { type: 'text/csv' }), rest.fileName ?? 'people.csv')
  if (!optionsFirst) addOptions()
  return post(gateway, form, rest)
}

/** Posts any form to the imports of a list. */
export async function post(
  gateway: TestGateway,
  body: FormData,
  { list = 'newsletter', query = '', headers = {}, client }: Omit<Upload, 'csv' | 'options'> = {},
): Promise<Answer> {
  const response = await fetch(`${gateway.url}/lists/${list}/imports${query}`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${gateway.key(client)}`, ...headers },
  })
  return readAnswer(response)
}

async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response
  const text = await response.text()
  return { status, headers, text, body: text.startsWith('{') ? JSON.parse(text) : undefined }
}

/** Uploads a file that has to be accepted, and waits for its end. */
export async function importWhole(gateway: TestGateway, given: Upload): Promise<Answer['body']> {
  const accepted = await upload(gateway, given)
  if (accepted.status !== 202) throw new Error(`${accepted.status} ${accepted.text}`)
  return untilDone(gateway, accepted.body.id, given.client)
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

type Counts = Readonly<Record<string, number>>

/** @throws when the counts of an account are not those of all rows */
export function addsUp({ rows, progress }: { rows: number; progress: Readonly<Record<string, Counts>> }): void {
  for (const [account, counts] of Object.entries(progress)) {
    const sum = Object.values(counts).reduce((total, count) => total + count, 0)
    const isNegative = Object.values(counts).some((count) => count < 0)
    if (sum !== rows || isNegative) throw new Error(`${account}: ${JSON.stringify(counts)} do not add up to ${rows}`)
  }
}

/** A conversation over a bare socket, for uploads that no client library would send. */
export type RawUpload = {
  readonly socket: Socket
  /** Everything that came so far. */
  received(): string
  /** Resolves with everything that came, once the gateway has ended the connection. */
  readonly ended: Promise<string>
}

export const boundary = '----raw-upload'

/** Opens a connection and sends the head of an upload; without `length` its body comes in chunks. */
export function openRaw(gateway: TestGateway, length?: number, type = `multipart/form-data; boundary=${boundary}`) {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1')
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes
  })
  socket.on('error', () => {})
  const ended = new Promise<string>((resolve) => socket.on('close', () => resolve(text)))
  const size = length === undefined ? 'transfer-encoding: chunked' : `content-length: ${length}`
  socket.write(
    `POST /lists/newsletter/imports HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\ncontent-type: ${type}\r\n${size}\r\n\r\n`,
  )
  return { socket, received: () => text, ended } satisfies RawUpload
}

/** One part of a multipart body, up to where its content ends. */
export function part(content: string, { name = 'file', fileName = 'people.csv' } = {}): string {
  const file = fileName === '' ? '' : `; filename="${fileName}"`
  return `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${content}`
}

export const lastBoundary = `\r\n--${boundary}--\r\n`
