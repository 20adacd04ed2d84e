import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { listenOnOwnPort } from './own-port.ts'

/** A way to a server that can be shut: while it is, nobody listens on its port. */
export type Door = {
  readonly port: number
  /** Cuts the connections that there are. */
  shut(): Promise<void>
  /** On the same port. */
  open(): Promise<void>
}

/** Opens a way on a free port to a server on this machine. */
export async function startDoor(serverPort: number): Promise<Door> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((caller) => {
    const way = keep(connect(serverPort, '127.0.0.1'))
    keep(caller).pipe(way).pipe(caller)
    caller.once('close', () => way.destroy())
    // A reset by the server is passed on as such: to the caller it is not the same as an end.
    way.once('close', (failed) => (failed ? caller.resetAndDestroy() : caller.end()))
  })
  const open = async (at: number) => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
  }
  const port = await listenOnOwnPort(server)
  return {
    port,
    open: () => open(port),
    async shut() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
