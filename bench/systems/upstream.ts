import { type AddressInfo, createServer, type Socket } from 'node:net'

/**
 * The providers, as light as they can be: a process of its own that answers over a bare socket in the form that each
 * provider documents, keeps nothing, and counts the contacts that it was sent. It echoes what a checker has to find.
 */
const counts = { oblic: 0, octopush: 0, vobiz: 0 }
let serial = 0

const server = createServer({ noDelay: true }, serve).listen(0, '127.0.0.1', () =>
  process.send?.((server.address() as AddressInfo).port),
)

/** Asked anything, it tells the contacts that each provider was sent, and begins to count anew. */
process.on('message', () => {
  process.send?.({ ...counts })
  Object.assign(counts, { oblic: 0, octopush: 0, vobiz: 0 })
})

function serve(socket: Socket): void {
  let pending: Buffer | undefined
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    let bytes = pending === undefined ? chunk : Buffer.concat([pending, chunk])
    pending = undefined
    while (bytes.length > 0) {
      const request = readRequest(bytes)
      if (request === undefined) {
        pending = bytes
        return
      }
      socket.write(answerTo(request.path, request.body))
      bytes = bytes.subarray(request.size)
    }
  })
}

type Request = { readonly path: string; readonly body: string; readonly size: number }

function readRequest(bytes: Buffer): Request | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end)
  const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/'))
  const start = end + 4
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
  if (length === 0 && /\r\ntransfer-encoding: *chunked/i.test(head)) return readChunked(bytes, start, path)
  if (bytes.length < start + length) return undefined
  return { path, body: bytes.toString('utf8', start, start + length), size: start + length }
}

function readChunked(bytes: Buffer, start: number, path: string): Request | undefined {
  const chunks: Buffer[] = []
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const next = lineEnd + 2 + size + 2
    if (bytes.length < next) return undefined
    if (size === 0) return { path, body: Buffer.concat(chunks).toString('utf8'), size: next }
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = next
  }
}

function answerTo(path: string, body: string): string {
  if (path.endsWith('/messaging/contacts')) return vobizCreated(body)
  if (path.endsWith('/contacts/import')) return vobizImported(body)
  if (path.startsWith('/external/contact-list/')) return oblicAdded(body)
  if (path.endsWith('/contact/create')) return octopushCreated(body)
  if (path.endsWith('/contact-list/create')) return answer('201 Created', '')
  if (path.endsWith('/chat/completions')) return completion(body)
  return answer('404 Not Found', '{"message":"no such path"}')
}

/** The contact as it was sent, with an id. */
function vobizCreated(body: string): string {
  counts.vobiz++
  const id = `00000000-0000-4000-8000-${(serial++).toString(16).padStart(12, '0')}`
  const times = '"created_at":"2026-11-24T12:00:00Z","updated_at":"2026-11-24T12:00:00Z"'
  return answer('201 Created', `{"id":"${id}",${body.slice(1, -1)},${times}}`)
}

/** Rows are lines of the one part: this bench sends nothing that is quoted over several. */
function vobizImported(body: string): string {
  const content = body.slice(body.indexOf('\r\n\r\n') + 4, body.lastIndexOf('\r\n--', body.length - 5))
  const rows = content.split('\n').filter((line) => line.trim() !== '').length - 1
  counts.vobiz += rows
  return answer('200 OK', `{"total":${rows},"created":${rows},"updated":0,"failed":0,"errors":[]}`)
}

function oblicAdded(body: string): string {
  counts.oblic += body.split('"email":').length - 1
  return answer('200 OK', '{"status":"success","data":null,"errors":null}')
}

function octopushCreated(body: string): string {
  const items =
    body.match(/"phone_number":"[^"]+"/g)?.map((number) => `{${number},"email":null,"status":"added"}`) ?? []
  counts.octopush += items.length
  return answer('201 Created', `{"items":[${items.join(',')}]}`)
}

function completion(body: string): string {
  const said = /"content":"([^"]*)"/.exec(body)?.[1] ?? ''
  return answer(
    '200 OK',
    `{"id":"chatcmpl-1","object":"chat.completion","created":1764000000,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"${said}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":9,"total_tokens":18}}`,
  )
}

function answer(status: string, body: string): string {
  return `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
