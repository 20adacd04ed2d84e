import { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { ImportState } from '../../services/import-store-port.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { createRecheck } from '../hooks/recheck-callers.ts'
import { exampleOfProgress } from '../openapi/answer-examples.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import type { RouteOptions, Services } from '../services.ts'
import { importIdParams } from './import-schema.ts'
import { visibleImport } from './own-import.ts'
import { presentImport, presentProgress } from './present-import.ts'
import { sendText } from './send-text.ts'
import { createPlaces, type LookAgain, shareLooks } from './watch-imports.ts'

/** How long it waits before it looks again: twice as long each time, up to the longest. A small import is over at once. */
const firstLookMs = 50
const longestLookMs = 500
/** An event is sent after this long even if nothing has changed: at least once a second. */
const longestSilenceMs = 900
/** Then the stream ends, and who is still there comes again. */
const longestStreamMs = 15 * 60_000

const opening = ': the progress of an import\n\n'
const eventExample = opening + event(2, 'progress', exampleOfProgress)

/** `GET /imports/{id}/events`: progress as server-sent events, until the import has ended or the gateway closes. */
export function importEventsRoute(
  app: Routes,
  services: Pick<Services, 'imports' | 'clients' | 'isTrustedProxy'>,
  { limits }: Pick<RouteOptions, 'limits'>,
  closing: AbortSignal,
): void {
  const { imports } = services
  const lookAgain = shareLooks(imports, closing)
  const takePlace = createPlaces(limits.streamsPerClient)
  const mayStill = createRecheck(services)

  app.get(
    '/imports/:importId/events',
    {
      config: {
        scope: 'imports',
        forAdmins: true,
        reads: [
          {
            name: 'Last-Event-ID',
            description: 'The id of the last event that was seen: only later ones are sent.',
            schema: { type: 'string', maxLength: 20 },
          },
        ],
      },
      schema: {
        operationId: 'watchImport',
        summary: 'Watch the progress of an import (server-sent events)',
        description: `Server-sent events: \`progress\` with the status and the numbers of the import, at least once a second, then one \`done\` with the whole import. With Last-Event-ID nothing comes at once unless the import has changed since; who has seen \`done\` gets 204, which ends an EventSource. \`shutdown\`: the gateway stops; connect again. A stream ends after 15 minutes: connect again, as an EventSource does. A client has at most ${limits.streamsPerClient} at once.`,
        tags: ['Imports'],
        params: importIdParams,
        response: {
          200: {
            description: 'The events.',
            content: { 'text/event-stream': { schema: Type.String(), example: eventExample } },
          },
          204: { description: 'The import has ended, and the last event was seen.' },
          ...problemResponses(...commonProblems, 'not-found', 'store-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const first = await visibleImport(imports, clientOf(request), request.params.importId)
      const seen = Number(request.headers['last-event-id'] ?? -1)
      if (first.finishedAt !== undefined && seen === first.version) return reply.code(204).send()
      reply.header('x-accel-buffering', 'no')
      if (request.method === 'HEAD') return sendText(reply, 'text/event-stream', Readable.from([]))
      const leave = takePlace(clientOf(request).id)
      if (leave === undefined) throw tooManyStreams(limits.streamsPerClient)
      const from = { first, seen: Number.isSafeInteger(seen) ? seen : -1 }
      const events = Readable.from(watch(from, lookAgain, () => mayStill(request), closing))
      return sendText(reply, 'text/event-stream', events.once('close', leave))
    },
  )
}

function tooManyStreams(most: number): Problem {
  return new Problem('rate-limited', {
    detail: `This client watches ${most} imports, which is the limit. End a stream, or ask GET /imports/{importId} now and then.`,
    retryAfterSeconds: 30,
  })
}

async function* watch(
  from: { readonly first: ImportState; readonly seen: number },
  lookAgain: LookAgain,
  mayStill: () => boolean,
  closing: AbortSignal,
): AsyncGenerator<string> {
  let state: ImportState | undefined = from.first
  let shown = from.seen
  let shownAt = performance.now()
  const endsAt = shownAt + longestStreamMs
  yield opening
  let lookMs = firstLookMs
  while (state !== undefined && mayStill()) {
    const ended = state.finishedAt !== undefined
    if (ended || state.version > shown || performance.now() - shownAt > longestSilenceMs) {
      yield ended
        ? event(state.version, 'done', presentImport(state, Date.now()))
        : event(state.version, 'progress', presentProgress(state, Date.now()))
      shown = state.version
      shownAt = performance.now()
    }
    if (ended || performance.now() > endsAt) return
    state = await lookAgain(state.id, lookMs)
    lookMs = Math.min(2 * lookMs, longestLookMs)
    if (closing.aborted) {
      yield shutdown
      return
    }
  }
}

/** Without an id: the last one counts when the caller comes again, which it is to do elsewhere, and soon. */
const shutdown =
  'event: shutdown\nretry: 1000\ndata: {"detail":"The gateway stops, and the import goes on. Connect again."}\n\n'

function event(version: number, name: 'progress' | 'done', data: unknown): string {
  return `id: ${version}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
