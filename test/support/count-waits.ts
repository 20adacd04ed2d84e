import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { listenOnOwnPort } from './own-port.ts'

/** A way to a server on which answers take their time, and which counts how often somebody began to wait for one. */
export type CountedWay = {
  readonly port: number
  /** How often something was asked while no answer was on its way, since the last time that it was read. */
  waits(): number
  close(): Promise<void>
}

/** What is asked in one turn of the event loop, or within so many milliseconds, is one wait. */
const answerMs = 40

export async function countWaits(serverPort: number): Promise<CountedWay> {
  const sockets = new Set<Socket>()
  let waits = 0
  let busyUntil = 0
  const server = createServer({ noDelay: true }, (caller) => {
    const way = connect(serverPort, '127.0.0.1').setNoDelay(true)
    for (const socket of [caller, way]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket))
    }
    caller.on('data', (asked: Buffer) => {
      const now = performance.now()
      if (now >= busyUntil) waits++
      busyUntil = Math.max(busyUntil, now + answerMs / 2)
      way.write(asked)
    })
    way.on('data', (answer: Buffer) => setTimeout(() => caller.write(answer), answerMs))
    caller.once('close', () => way.destroy())
    way.once('close', () => caller.destroy())
  })
  const port = await listenOnOwnPort(server)
  return {
    port,
    waits() {
      const counted = waits
      waits = 0
      return counted
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
