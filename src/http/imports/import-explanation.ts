import { Type } from 'typebox'
import { type CountedImport, explainImport, importWaits } from '../../domain/explain-import.ts'
import { roundMs } from '../../domain/explain-request.ts'
import type { ImportState } from '../../services/import-store-port.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import type { Services } from '../services.ts'
import { importIdParams, importStatusSchema } from './import-schema.ts'
import { visibleImport } from './own-import.ts'

const wait: Readonly<Record<(typeof importWaits)[number], string>> = {
  place: 'For a place among the calls at once to the account.',
  pace: 'For a turn in its requestsPerSecond.',
  breaker: 'While it was not called, since too many calls failed.',
  priority: 'For requests whose callers wait.',
  again: 'Before what had failed was sent again.',
  provider: 'For its answers.',
}

const ImportCallsSchema = Type.Object(
  {
    operation: Type.String({ description: 'What the provider was called for.' }),
    result: Type.String({ description: '`ok`, or the kind of failure.' }),
    attempts: Type.Integer({ minimum: 1, description: 'How often; those that were not sent count too.' }),
  },
  { title: 'ImportCalls', description: 'Attempts that ended alike.' },
)

const ImportExplanationSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'The import.' }),
    client: Type.String({ description: 'The client that started it.' }),
    list: Type.String({ description: 'The list that it goes to.' }),
    status: importStatusSchema,
    receivedAt: Type.String({ format: 'date-time', description: 'When it came. RFC 3339, UTC.' }),
    durationMs: Type.Optional(
      Type.Number({ description: 'From when its first row was worked on until it ended, or now. In milliseconds.' }),
    ),
    accounts: Type.Array(
      Type.Object(
        {
          account: Type.String({ description: 'The account.' }),
          contacts: Type.Integer({ description: 'Rows that have an outcome there.' }),
          outcomes: Type.Record(Type.String(), Type.Integer({ minimum: 1, description: 'How many.' }), {
            description: 'What became of them, by status.',
          }),
          calls: Type.Array(ImportCallsSchema, { description: 'Its calls, by operation and result.' }),
          waitedMs: Type.Object(
            Object.fromEntries(
              importWaits.map((what) => [
                what,
                Type.Integer({ maximum: Number.MAX_SAFE_INTEGER, format: 'int64', description: wait[what] }),
              ]),
            ) as Record<(typeof importWaits)[number], ReturnType<typeof Type.Integer>>,
            { description: 'What it waited for, in milliseconds, added up over all calls, of which many go at once.' },
          ),
        },
        { title: 'ExplainedImportAccount', description: 'What was done at one account.' },
      ),
      { description: 'What was done at each account, as far as it is counted: with each batch of rows.' },
    ),
    explanation: Type.Array(Type.String(), { description: 'What held it back most, and what failed, in words.' }),
  },
  { title: 'ImportExplanation', description: 'What an import did, and what held it back.' },
)

/** `GET /imports/{id}/explanation`. */
export function importExplanationRoute(app: Routes, { imports }: Pick<Services, 'imports'>): void {
  app.get(
    '/imports/:importId/explanation',
    {
      config: { scope: 'imports', forAdmins: true },
      schema: {
        operationId: 'getImportExplanation',
        summary: 'Explain an import',
        description:
          'Its calls by result, what they waited for, and what held it back most. Counted with each batch of rows, and kept as long as the import.',
        tags: ['Imports'],
        params: importIdParams,
        response: {
          200: {
            description: 'The explanation.',
            content: { 'application/json': { schema: ImportExplanationSchema } },
          },
          ...problemResponses(...commonProblems, 'not-found', 'store-unavailable'),
        },
      },
    },
    async (request) => present(await visibleImport(imports, clientOf(request), request.params.importId), Date.now()),
  )
}

function present(state: ImportState, nowMs: number) {
  const { id, client, listId, status, createdAt, startedAt, finishedAt, accounts } = state
  const counted = accounts.map((account) => countedAt(state, account))
  const endMs = finishedAt === undefined ? nowMs : Date.parse(finishedAt)
  return {
    id,
    client,
    list: listId,
    status,
    receivedAt: createdAt,
    ...(startedAt !== undefined && { durationMs: roundMs(endMs - Date.parse(startedAt)) }),
    accounts: counted.map(presentAccount),
    explanation: [...explainImport(counted)],
  }
}

function countedAt({ progress, calls, waitedMs }: ImportState, account: string): CountedImport {
  const { pending: _, ...outcomes } = progress[account] ?? { pending: 0 }
  return {
    account,
    outcomes: Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0)),
    calls: calls[account] ?? {},
    waitedMs: waitedMs[account] ?? {},
  }
}

function presentAccount({ account, outcomes, calls, waitedMs }: CountedImport) {
  return {
    account,
    contacts: Object.values(outcomes).reduce((sum, count) => sum + count, 0),
    outcomes,
    calls: Object.entries(calls).map(([call, attempts]) => {
      const [operation = '', result = ''] = call.split(' ')
      return { operation, result, attempts }
    }),
    waitedMs: Object.fromEntries(importWaits.map((what) => [what, waitedMs[what] ?? 0])) as Record<
      (typeof importWaits)[number],
      number
    >,
  }
}
