import type { ChildProcess } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Waits until a program accepts connections on a port of loopback. @throws with what it said, when it ended or took too long. */
export async function untilListening(
  program: string,
  port: number,
  child: ChildProcess,
  said: () => string,
): Promise<void> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; await wait(20)) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}: ${said()}`)
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (isOpen) return
  }
  throw new Error(`${program} does not listen: ${said()}`)
}
