import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { listenOnOwnPort } from './own-port.ts'

/** What a way does to the traffic on it. */
export type ProxyFault =
  /** Nobody listens; the connections that there are end. */
  | { readonly way: 'refuse' }
  /** The request is not passed on; the connection is reset. */
  | { readonly way: 'reset-before' }
  /** The request is passed on; when the answer comes the connection is reset, without a byte of it. */
  | { readonly way: 'reset-after' }
  /** The request is passed on; after the head (HTTP), or so many bytes, of the answer the connection is reset. */
  | { readonly way: 'cut'; readonly after: 'head' | number }
  /** The request is not passed on, and nothing happens. */
  | { readonly way: 'stall-before' }
  /** The request is passed on, and its answer never comes. */
  | { readonly way: 'stall-after' }
  /** Every part of request and answer comes this much later. */
  | { readonly way: 'latency'; readonly ms: number }
  /** The answer comes in drops. */
  | { readonly way: 'drip'; readonly bytes: number; readonly everyMs: number }

export type ProxyRule = ProxyFault & {
  /** Strikes only requests whose first part holds this; every one unless given. Not for `refuse`. */
  readonly only?: RegExp
}

/** A way to a server on this machine, between a gateway and a simulator or Redis, that can be told to misbehave. */
export type FaultProxy = {
  readonly port: number
  /** From the next request on. Without a rule the way is good again. */
  set(rule?: ProxyRule): Promise<void>
  /** Resolves when what was passed on before the rule is answered: what comes on any connection now is struck. */
  settled(): Promise<void>
  /** The request lines of all HTTP requests that arrived, struck or not. */
  requests(): readonly string[]
  /** The same, each with when it came, in milliseconds since 1970. */
  arrivals(): readonly { readonly line: string; readonly at: number }[]
  /** Connections that are open to callers. */
  open(): number
  close(): Promise<void>
}

/** Opens a way on a free port to the server on `serverPort`. */
export async function startFaultProxy(serverPort: number): Promise<FaultProxy> {
  let rule: ProxyRule | undefined
  const arrivals: { line: string; at: number }[] = []
  const callers = new Set<Socket>()
  const underWay = new Set<Socket>()
  const server = createServer({ noDelay: true }, (caller) => {
    callers.add(caller)
    caller.once('close', () => callers.delete(caller))
    join(
      caller,
      connect(serverPort, '127.0.0.1').setNoDelay(true),
      (start) => {
        const line = /^[A-Z]+ \S+(?= HTTP\/1\.1\r\n)/.exec(start)?.[0]
        if (line !== undefined) arrivals.push({ line, at: Date.now() })
        return rule !== undefined && (rule.only?.test(start) ?? true) ? rule : undefined
      },
      underWay,
    )
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const shut = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const caller of callers) caller.destroy()
    await closed
  }
  const port = await listenOnOwnPort(server)
  return {
    port,
    async set(next) {
      rule = next
      if (next?.way === 'refuse') await shut()
      else if (!server.listening) await listen(port)
    },
    async settled() {
      while (underWay.size > 0) await wait(1)
    },
    requests: () => arrivals.map(({ line }) => line),
    arrivals: () => arrivals,
    open: () => callers.size,
    close: shut,
  }
}

/**
 * Joins a caller to a server; the caller is in `underWay` while a request that nothing strikes waits for its answer. A request
 * begins with the first part that comes after an answer: exact for HTTP without pipelining, and enough for Redis.
 */
function join(
  caller: Socket,
  way: Socket,
  faultOf: (start: string) => ProxyFault | undefined,
  underWay: Set<Socket>,
): void {
  let fault: ProxyFault | undefined
  let isAnswered = true
  let passed = 0
  const [toCaller, toServer] = [createLane(caller), createLane(way)]
  const end = () => {
    underWay.delete(caller)
    caller.destroy()
    way.destroy()
  }
  const reset = () => {
    caller.resetAndDestroy()
    way.destroy()
  }
  caller.on('error', end).on('close', end)
  way.on('error', reset).on('close', (failed) => (failed ? reset() : caller.end()))
  caller.on('data', (bytes: Buffer) => {
    // What a way has lost it cannot go on after: a stalled connection is never good again.
    if (isAnswered && !fault?.way.startsWith('stall')) {
      fault = faultOf(bytes.subarray(0, 8_192).toString('latin1'))
      passed = 0
      isAnswered = false
      if (fault === undefined) underWay.add(caller)
    }
    if (fault?.way === 'reset-before') reset()
    else if (fault?.way !== 'stall-before') toServer.pass(bytes, fault?.way === 'latency' ? fault.ms : 0)
  })
  way.on('data', (bytes: Buffer) => {
    isAnswered = true
    underWay.delete(caller)
    switch (fault?.way) {
      case 'reset-after':
        return reset()
      case 'stall-before':
      case 'stall-after':
        return
      case 'latency':
        return toCaller.pass(bytes, fault.ms)
      case 'drip':
        for (let start = 0; start < bytes.length; start += fault.bytes)
          toCaller.pass(bytes.subarray(start, start + fault.bytes), toCaller.untilClear() + fault.everyMs)
        return
      case 'cut': {
        const rest = (fault.after === 'head' ? headLength(bytes) : fault.after) - passed
        toCaller.pass(bytes.subarray(0, Math.max(0, rest)))
        passed += bytes.length
        // A reset discards what its receiver has not read yet.
        if (bytes.length >= rest) setTimeout(reset, 20)
        return
      }
      default:
        toCaller.pass(bytes)
    }
  })
}

/** Bytes on their way to a socket, which never overtake each other. */
function createLane(to: Socket) {
  const waiting: { readonly at: number; readonly bytes: Buffer }[] = []
  let timer: NodeJS.Timeout | undefined
  const last = () => waiting.at(-1)?.at ?? 0
  const deliver = () => {
    timer = undefined
    while (waiting[0] !== undefined && waiting[0].at <= performance.now()) {
      const bytes = waiting.shift()?.bytes
      if (to.writable && bytes !== undefined) to.write(bytes)
    }
    if (waiting[0] !== undefined) timer = setTimeout(deliver, waiting[0].at - performance.now())
  }
  to.once('close', () => {
    clearTimeout(timer)
    waiting.length = 0
  })
  return {
    /** Delivers after so many milliseconds, and after all that was passed before. */
    pass(bytes: Buffer, ms = 0) {
      waiting.push({ at: Math.max(performance.now() + ms, last()), bytes })
      if (timer === undefined) deliver()
    },
    /** How long until all of it is delivered. */
    untilClear: () => Math.max(0, last() - performance.now()),
  }
}

/** The head and the first byte of the body. */
function headLength(bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n')
  return end < 0 ? bytes.length : end + 5
}
