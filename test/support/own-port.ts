import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/**
 * Ports that the system gives to nobody who asks for a free one (Linux: 32768 to 60999): what a test closes for a while, to
 * open it again, is not taken by a server of another test, which would answer in its place. The port of a Redis cluster's bus is 10,000 above, and no other either.
 */
const [first, last] = [12_000, 21_999]

const anyPort = () => first + Math.floor(Math.random() * (last - first + 1))

/** Lets a server listen on such a port of loopback. */
export async function listenOnOwnPort(server: Server): Promise<number> {
  for (;;) {
    const port = anyPort()
    server.listen(port, '127.0.0.1')
    try {
      await once(server, 'listening')
      return port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
}

/** Such a port, which nobody listens on at this moment. */
export async function ownPort(): Promise<number> {
  const server = createServer()
  const port = await listenOnOwnPort(server)
  server.close()
  await once(server, 'close')
  return port
}
