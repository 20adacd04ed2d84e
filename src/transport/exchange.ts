import type { Dispatcher } from 'undici'
import type { TransportAnswer } from '../providers/port.ts'

/** The errors by which undici cuts an answer whose body, or head, is too large. */
const cutAnswers: ReadonlySet<unknown> = new Set(['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'UND_ERR_HEADERS_OVERFLOW'])

/**
 * One request and its answer. It ends within `timeoutMs` from now, the wait for a connection included, and always by
 * calling `settle` once. The line between "certainly not sent" and "may have been applied" is `onRequestStart`: undici
 * calls it when it has a connection and is about to write.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #settle: (answer: TransportAnswer) => void
  readonly #timer: NodeJS.Timeout
  readonly #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #retryAfter: string | undefined
  #done = false

  constructor(timeoutMs: number, settle: (answer: TransportAnswer) => void) {
    this.#settle = settle
    this.#timer = setTimeout(
      () => this.#abandon(this.#controller === undefined ? { lost: 'unreachable' } : this.#withStatus('timeout')),
      timeoutMs,
    )
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown, the request is dropped; aborted, it would take with it the connection that the next one could use.
    if (this.#done) throw new Error('too late')
    this.#controller = controller
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Record<string, unknown>): void {
    if (status < 200) return
    this.#status = status
    const retryAfter = headers['retry-after']
    this.#retryAfter = typeof retryAfter === 'string' ? retryAfter : undefined
    if (status >= 300 && status < 400) this.#abandon({ lost: 'redirected', status })
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks)
    this.#finish({ status: this.#status, text: bytes.toString('utf8'), retryAfter: this.#retryAfter })
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#controller === undefined) this.#finish({ lost: 'unreachable' })
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
