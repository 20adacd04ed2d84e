import type { Dispatcher } from 'undici'
import type { TransportAnswer } from '../providers/account.ts'
import type { ResponseHeaders } from '../providers/adapter-port.ts'
import { type DecodedBody, decodeBody, isPlain } from './decode-body.ts'

/** The errors by which undici cuts an answer whose body, or head, is too large. */
const cutAnswers: ReadonlySet<unknown> = new Set(['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'UND_ERR_HEADERS_OVERFLOW'])

/** Further headers by which providers tell when they take requests again. */
const resetHeaders = [
  'x-retry-after',
  'x-ratelimit-reset-after',
  'x-ratelimit-reset',
  'ratelimit-reset',
  'x-rate-limit-reset',
  'ratelimit',
] as const

/**
 * One request and its answer. It ends within `timeoutMs` from now, the wait for a connection included, and always by
 * calling `settle` once. The line between "certainly not sent" and "may have been applied" is `onRequestStart`: undici
 * calls it when it has a connection and is about to write.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #settle: (answer: TransportAnswer) => void
  readonly #maxBytes: number
  readonly #timer: NodeJS.Timeout
  readonly #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #received = 0
  #headers: ResponseHeaders = {}
  #done = false

  constructor(timeoutMs: number, maxBytes: number, settle: (answer: TransportAnswer) => void) {
    this.#settle = settle
    this.#maxBytes = maxBytes
    this.#timer = setTimeout(
      () => this.#abandon(this.#controller === undefined ? { lost: 'unreachable' } : this.#withStatus('timeout')),
      timeoutMs,
    )
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // A throw drops the request alone; an abort would also end the connection that the next one could use.
    if (this.#done) throw new Error('too late')
    this.#controller = controller
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (status < 200) return
    this.#status = status
    this.#headers = headers
    if (status >= 300 && status < 400) this.#abandon({ lost: 'redirected', status })
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#received += chunk.length
    if (this.#received > this.#maxBytes) this.#abandon(this.#withStatus('tooLarge'))
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks)
    const encoding = this.#header('content-encoding')
    if (isPlain(bytes, encoding)) this.#answer({ text: bytes.toString('utf8'), recoded: false })
    else decodeBody(bytes, encoding, this.#maxBytes).then((body) => this.#answer(body))
  }

  #answer(body: DecodedBody): void {
    if ('lost' in body) {
      this.#finish(this.#withStatus(body.lost))
      return
    }
    const date = this.#header('date')
    const rateLimitReset = this.#rateLimitReset()
    this.#finish({
      status: this.#status,
      text: body.text,
      retryAfter: this.#header('retry-after'),
      headers: this.#headers,
      ...(date !== undefined && { date }),
      ...(rateLimitReset !== undefined && { rateLimitReset }),
      ...(body.recoded && { recoded: true }),
    })
  }

  #rateLimitReset(): string | undefined {
    for (const name of resetHeaders) {
      const value = this.#header(name)
      if (value !== undefined) return value
    }
    return undefined
  }

  #header(name: string): string | undefined {
    const value = this.#headers[name]
    return typeof value === 'string' ? value : undefined
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#controller === undefined) this.#finish({ lost: 'unreachable', ...causeOf(error) })
    else this.#finish(this.#withStatus('code' in error && cutAnswers.has(error.code) ? 'tooLarge' : 'timeout'))
  }

  #withStatus(lost: 'tooLarge' | 'timeout'): TransportAnswer {
    return this.#status === 0 ? { lost } : { lost, status: this.#status }
  }

  #abandon(answer: TransportAnswer): void {
    this.#finish(answer)
    this.#controller?.abort(new Error('abandoned'))
  }

  #finish(answer: TransportAnswer): void {
    if (this.#done) return
    this.#done = true
    clearTimeout(this.#timer)
    this.#settle(answer)
  }
}

/** Words in capitals hold no data. Of undici's own only one is about the way; the others are about us. */
const causes = /^(?!UND_ERR_(?!CONNECT_TIMEOUT$))[A-Z][A-Z0-9_]{1,60}$/

/** The error's own code, or that of what it was made of. */
function causeOf(error: Error): { readonly cause?: string } {
  const own = (error as NodeJS.ErrnoException).code
  const code = own ?? ((error.cause ?? {}) as NodeJS.ErrnoException).code
  return typeof code === 'string' && causes.test(code) ? { cause: code } : {}
}
