import { randomBytes } from 'node:crypto'
import type { AuditAction } from '../domain/audit-actions.ts'
import type { LineOutlet, OutletWatch } from './line-outlet.ts'

/**
 * What is told of an event: names and numbers, one at least, and nothing of a person. As JSON text, of the members without
 * braces, where there are many of the kind: it is made at half the cost, and nothing is kept until it is written.
 */
export type Facts = object | string

/** Told of what could not be written, for metrics. */
export type AuditObserver = {
  lost(events: number): void
  works(isWorking: boolean): void
}

/** The log, as far as it is used here. */
export type AuditLog = {
  error(fields: object, message: string): void
  warn(fields: object, message: string): void
  info(fields: object, message: string): void
}

export type TrailOptions = {
  readonly open: (watch: OutletWatch) => LineOutlet
  readonly log: AuditLog
  readonly observer: AuditObserver
}

/**
 * Audit events, a line of JSON each. Their ids are of one process and grow by one: a number that is missing is an event that
 * is. What is lost is told at once in the log, and by an event of its own when there is room again.
 */
export class AuditTrail {
  readonly #outlet: LineOutlet
  readonly #log: AuditLog
  readonly #observer: AuditObserver
  readonly #process = randomBytes(4).toString('hex')
  /** The time of the event before: many come within a millisecond. */
  #told = { time: 0, text: '' }
  #count = 0
  #lost = 0

  /** @throws NodeJS.ErrnoException when it cannot be opened */
  constructor({ open, log, observer }: TrailOptions) {
    this.#log = log
    this.#observer = observer
    this.#outlet = open({ fails: (error) => this.#fails(error), works: () => this.#works() })
  }

  record(action: AuditAction, facts: Facts): void {
    const isBehind = this.#lost > 0 && !this.#tellGap()
    if (isBehind || !this.#write(action, typeof facts === 'string' ? facts : membersOf(facts))) this.#lose()
  }

  reopen(): void {
    this.#outlet.reopen()
  }

  async close(): Promise<void> {
    const lost = this.#lost + (await this.#outlet.close())
    if (lost > 0) this.#log.error({ event: 'audit', lost }, 'Audit events are lost: they could not be written in time.')
  }

  #write(action: AuditAction, members: string): boolean {
    const time = Date.now()
    if (time !== this.#told.time) this.#told = { time, text: new Date(time).toISOString() }
    // `action` and what stands before it need no quoting.
    const head = `{"time":"${this.#told.text}","event":"audit","id":"${this.#process}-${this.#count}","action":"${action}"`
    const isTaken = this.#outlet.write(`${head},${members}}\n`)
    if (isTaken) this.#count++
    return isTaken
  }

  #lose(): void {
    if (this.#lost++ === 0)
      this.#log.error({ event: 'audit' }, 'Audit events are being lost: there is no room for those that wait.')
    this.#count++
    this.#observer.lost(1)
  }

  #tellGap(): boolean {
    const lost = this.#lost
    if (!this.#write('audit.gap', `"lost":${lost}`)) return false
    this.#lost = 0
    this.#log.warn({ event: 'audit', lost }, 'Audit events are written again; some were lost.')
    return true
  }

  #fails({ code }: NodeJS.ErrnoException): void {
    this.#observer.works(false)
    this.#log.error({ event: 'audit', code }, 'Audit events cannot be written, and wait. Mend AUDIT_LOG or its disk.')
  }

  #works(): void {
    this.#observer.works(true)
    if (this.#lost > 0) this.#tellGap()
    else this.#log.info({ event: 'audit' }, 'Audit events are written again; none was lost.')
  }
}

function membersOf(facts: object): string {
  return JSON.stringify(facts).slice(1, -1)
}
