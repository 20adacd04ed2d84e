import type { FastifyInstance, FastifyReply } from 'fastify'
import { BehaviourError } from './behaviour.ts'
import type { QuirkTable } from './quirk-table.ts'
import type { RequestLog } from './request-log.ts'
import type { RuleBook } from './rule-book.ts'

/** What the `/_sim` routes show and change. */
export interface Controlled<T extends QuirkTable> {
  rules: RuleBook<T>
  log: RequestLog
  contacts: () => Iterable<unknown>
  counts: () => { total: number }
  reset: () => void
  /** Describes what the behaviour can be. */
  schema: () => unknown
}

type Page = { limit?: string; offset?: string; count?: string }

/** Contacts in one answer of `GET /_sim/contacts` unless `limit` says otherwise. */
const defaultContactLimit = 10_000

/** Adds the routes with which tests and people steer a simulator. They need no credentials and never misbehave. */
export function addControlRoutes<T extends QuirkTable>(app: FastifyInstance, controlled: Controlled<T>): void {
  const { rules, log } = controlled
  const reset = (_request: unknown, reply: FastifyReply) => {
    controlled.reset()
    return reply.code(204).send()
  }

  const describe = (reply: FastifyReply) => reply.header('link', '</_sim/behaviour/schema>; rel="describedby"')
  app.get('/_sim/behaviour', (_request, reply) => describe(reply).send(rules.current()))
  app.get('/_sim/behaviour/schema', (_request, reply) =>
    reply.type('application/schema+json').send(JSON.stringify(controlled.schema())),
  )
  app.delete('/_sim/behaviour', (_request, reply) => {
    rules.set({})
    return reply.code(204).send()
  })
  app.put('/_sim/behaviour', (request, reply) => {
    try {
      rules.set(parseJson(request.body))
    } catch (error) {
      if (!(error instanceof BehaviourError)) throw error
      return describe(reply).code(400).send({ error: error.message })
    }
    return describe(reply).send(rules.current())
  })
  app.get<{ Querystring: Page }>('/_sim/requests', (request) => ({
    requests: log.list(toCount(request.query.limit)),
    total: log.total(),
  }))
  app.get<{ Querystring: Page }>('/_sim/contacts', (request) => {
    const { limit, offset, count } = request.query
    if (count === 'true' || count === '') return controlled.counts()
    const start = toCount(offset) ?? 0
    const page = Iterator.from(controlled.contacts()).drop(start)
    return { contacts: page.take(toCount(limit) ?? defaultContactLimit).toArray(), ...controlled.counts() }
  })
  app.delete('/_sim/state', reset)
  app.post('/_sim/reset', reset)
}

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(String(body))
  } catch {
    throw new BehaviourError('the behaviour must be a JSON object, e.g. {"status":503,"times":2}')
  }
}

/** A limit or offset; what is not a whole number counts as not given. */
function toCount(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined
}
