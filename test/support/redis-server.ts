import { connect } from 'node:net'

export type RedisStart = {
  /** Every write is on the disk before it is answered. */
  readonly appendOnly?: boolean
  /** More arguments of `redis-server`, such as `['--requirepass', 'secret']`. */
  readonly args?: readonly string[]
}

export type RunningRedis = {
  readonly url: string
  readonly port: number
  /** SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>
  /** Starts it again on the same port and data, killing it first where it still runs. */
  restart(): Promise<void>
  /** The server hangs: connections stay open, nothing is answered until `resume`. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Kills it and removes its data. */
  stop(): Promise<void>
}

/** The arguments of `redis-server` that both ways share. Nothing is kept on the disk unless asked for. */
export function redisArguments({ appendOnly = false, args = [] }: RedisStart): readonly string[] {
  const durability = appendOnly ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no']
  return ['--save', '', ...durability, ...args]
}

/** Waits until a server on this machine answers `PING` (with anything but "I am loading"), at most 20 s. */
export async function untilAnswering(port: number, check: () => void = () => {}): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await answersPing(port))) {
    check()
    if (Date.now() > deadline) throw new Error(`Redis on port ${port} does not answer`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const settle = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.setTimeout(1000, () => settle(false))
    socket.once('error', () => settle(false))
    socket.once('close', () => resolve(false))
    // With a password set the answer is -NOAUTH, which tells as much.
    socket.once('data', (data) => settle(/^(\+PONG|-NOAUTH)/.test(data.toString())))
  })
}
