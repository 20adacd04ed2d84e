import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Type } from 'typebox'
import type { ImportState, ImportStore } from '../../services/import-store-port.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { answerExamples } from '../openapi/answer-examples.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import type { Services } from '../services.ts'
import { importIdParams } from './import-schema.ts'
import { ownImport } from './own-import.ts'
import { presentImport } from './present-import.ts'
import { sendText } from './send-text.ts'

/** How long it waits before it looks again: twice as long each time, up to the longest. A small import is over at once. */
const firstLookMs = 50
const longestLookMs = 500
/** An event is sent after this long even if nothing has changed: at least once a second. */
const longestSilenceMs = 900

const opening = ': the progress of an import\n\n'
const eventExample = opening + event(2, 'progress', answerExamples.Import)

/** `GET /imports/{id}/events`: progress as server-sent events, until the import has ended or the gateway closes. */
export function importEventsRoute(app: Routes, { imports }: Pick<Services, 'imports'>, closing: AbortSignal): void {
  app.get(
    '/imports/:importId/events',
    {
      config: {
        scope: 'imports',
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
        description:
          'Server-sent events: `progress` with the import, at least once a second, then one `done`. With Last-Event-ID nothing comes at once unless the import has changed since; who has seen `done` gets 204, which ends an EventSource. `shutdown`: the gateway stops; connect again.',
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
      const first = await ownImport(imports, clientOf(request), request.params.importId)
      const seen = Number(request.headers['last-event-id'] ?? -1)
      if (first.finishedAt !== undefined && seen === first.version) return reply.code(204).send()
      const isHead = request.method === 'HEAD'
      const events = isHead ? [] : watch(imports, first, Number.isSafeInteger(seen) ? seen : -1, closing)
      return sendText(reply.header('x-accel-buffering', 'no'), 'text/event-stream', Readable.from(events))
    },
  )
}

async function* watch(
  imports: ImportStore,
  first: ImportState,
  seen: number,
  closing: AbortSignal,
): AsyncGenerator<string> {
  let state: ImportState | undefined = first
  let shown = seen
  let shownAt = performance.now()
  yield opening
  let lookMs = firstLookMs
  while (state !== undefined) {
    const ended = state.finishedAt !== undefined
    if (ended || state.version > shown || performance.now() - shownAt > longestSilenceMs) {
      yield event(state.version, ended ? 'done' : 'progress', presentImport(state, Date.now()))
      shown = state.version
      shownAt = performance.now()
    }
    if (ended) return
    await sleep(lookMs, undefined, { signal: closing, ref: false }).catch(() => undefined)
    lookMs = Math.min(2 * lookMs, longestLookMs)
    if (closing.aborted) {
      yield shutdown
      return
    }
    state = await imports.get(state.id)
  }
}

/** Without an id: the last one counts when the caller comes again, which it is to do elsewhere, and soon. */
const shutdown =
  'event: shutdown\nretry: 1000\ndata: {"detail":"The gateway stops, and the import goes on. Connect again."}\n\n'

function event(version: number, name: 'progress' | 'done', data: unknown): string {
  return `id: ${version}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
