import { createServer, type Server, type Socket } from 'node:net'

/** A server that speaks TCP and whatever a test tells it to say. */
export type RawServer = {
  readonly port: number
  /** Heads and bodies of all requests, as far as they came. */
  received(): string
  /** Connections that were opened, and those that are still open. */
  connections(): { readonly opened: number; readonly open: number }
  /** Resolves when no connection is open. */
  allClosed(): Promise<void>
  close(): Promise<void>
}

/** `serve` is called with each new connection; `request` is called with each whole request head and body. */
export type Serving = {
  readonly connection?: (socket: Socket) => void
  readonly request?: (socket: Socket, text: string) => void
}

/** Starts one on a free loopback port. */
export async function startRawServer({ connection, request }: Serving): Promise<RawServer> {
  const open = new Set<Socket>()
  let opened = 0
  let received = ''
  const waiting: (() => void)[] = []
  const server: Server = createServer((socket) => {
    opened++
    open.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      open.delete(socket)
      if (open.size === 0) for (const resolve of waiting.splice(0)) resolve()
    })
    let pending = ''
    socket.on('data', (chunk) => {
      received += chunk
      pending += chunk
      for (let end = endOfRequest(pending); end !== undefined; end = endOfRequest(pending)) {
        const text = pending.slice(0, end)
        pending = pending.slice(end)
        request?.(socket, text)
      }
    })
    connection?.(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    port,
    received: () => received,
    connections: () => ({ opened, open: open.size }),
    allClosed: () => new Promise((resolve) => (open.size === 0 ? resolve() : void waiting.push(resolve))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

function endOfRequest(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0)
  const end = head + 4 + length
  return text.length >= end ? end : undefined
}
