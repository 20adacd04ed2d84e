import { connect } from 'node:net'

/**
 * Sends raw bytes to a gateway and resolves with everything that comes back, once the gateway has closed the connection;
 * fails when it stays open for `withinMs`.
 */
export function converse(url: string, bytes: string | Buffer, withinMs = 5_000): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes))
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`the connection is still open after ${withinMs} ms; received: ${received.slice(0, 500)}`))
    }, withinMs)
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(received)
    })
  })
}

/** The status of the first answer in what was received; 0 when there is none. */
export function statusOf(received: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(received)?.[1] ?? 0)
}
