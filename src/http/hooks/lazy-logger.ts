import type { FastifyBaseLogger } from 'fastify'

type ChildOptions = Parameters<FastifyBaseLogger['child']>[1]
type Level = 'debug' | 'info' | 'warn' | 'error' | 'fatal'
/** pino's loggers have more than Fastify asks for. */
type Parent = FastifyBaseLogger & { isLevelEnabled(level: Level): boolean }
type Words = Parameters<FastifyBaseLogger['info']>

/**
 * The logger of a request. Most requests never use theirs, so the library's is made when there is something to write.
 * It has no `trace`: at that level the library that reads uploads prints what it was handed, including the headers with
 * the client's key.
 */
class RequestLog {
  readonly #parent: Parent
  readonly #bindings: Record<string, unknown>
  readonly #options: ChildOptions
  #own: FastifyBaseLogger | undefined

  constructor(parent: FastifyBaseLogger, bindings: Record<string, unknown>, options: ChildOptions) {
    this.#parent = parent as Parent
    this.#bindings = bindings
    this.#options = options
  }

  get level(): string {
    return this.#parent.level
  }

  isLevelEnabled(level: Level): boolean {
    return this.#parent.isLevelEnabled(level)
  }

  fatal(...words: Words): void {
    this.#write('fatal', words)
  }

  error(...words: Words): void {
    this.#write('error', words)
  }

  warn(...words: Words): void {
    this.#write('warn', words)
  }

  info(...words: Words): void {
    this.#write('info', words)
  }

  debug(...words: Words): void {
    this.#write('debug', words)
  }

  trace(): void {}

  silent(): void {}

  child(bindings: Record<string, unknown>, options?: ChildOptions): FastifyBaseLogger {
    return this.#logger.child(bindings, options)
  }

  #write(level: Level, words: Words): void {
    if (this.#parent.isLevelEnabled(level)) this.#logger[level](...words)
  }

  get #logger(): FastifyBaseLogger {
    this.#own ??= this.#parent.child(this.#bindings, this.#options)
    return this.#own
  }
}

/** Makes the loggers of requests, for Fastify. */
export function lazyLogger(
  parent: FastifyBaseLogger,
  bindings: Record<string, unknown>,
  options: ChildOptions,
): FastifyBaseLogger {
  return new RequestLog(parent, bindings, options)
}
