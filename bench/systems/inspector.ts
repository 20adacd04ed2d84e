import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

/** Speaks with V8 in a process that was started with `--inspect`. */
export type Inspector = {
  call<Result>(method: string, params?: object): Promise<Result>
  /** The value of an expression there. */
  evaluate<Value>(expression: string): Promise<Value>
  close(): void
}

type Message = { readonly id: number; readonly result?: unknown; readonly error?: { readonly message: string } }
type Evaluated<Value> = {
  readonly result: { readonly value: Value }
  readonly exceptionDetails?: { readonly text: string }
}

export async function openInspector(port: number): Promise<Inspector> {
  const targets = await untilAnswered(`http://127.0.0.1:${port}/json/list`)
  const [{ webSocketDebuggerUrl }] = (await targets.json()) as [{ webSocketDebuggerUrl: string }]
  const socket = new WebSocket(webSocketDebuggerUrl)
  await once(socket, 'open')
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as Message
    if (error === undefined) waiting.get(id)?.resolve(result)
    else waiting.get(id)?.reject(new Error(error.message))
    waiting.delete(id)
  })
  let serial = 0
  const call = <Result>(method: string, params: object = {}): Promise<Result> => {
    const id = ++serial
    const answer = Promise.withResolvers<unknown>()
    waiting.set(id, answer)
    socket.send(JSON.stringify({ id, method, params }))
    return answer.promise as Promise<Result>
  }
  return {
    call,
    async evaluate<Value>(expression: string) {
      const { result, exceptionDetails } = await call<Evaluated<Value>>('Runtime.evaluate', {
        expression,
        returnByValue: true,
      })
      if (exceptionDetails !== undefined) throw new Error(`${expression}: ${exceptionDetails.text}`)
      return result.value
    },
    close: () => socket.close(),
  }
}

/** It listens some time after the process has begun. */
async function untilAnswered(url: string): Promise<Response> {
  for (;;) {
    try {
      return await fetch(url)
    } catch {
      await wait(20)
    }
  }
}
