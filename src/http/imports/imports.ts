import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { ContactDraft } from '../../domain/contact.ts'
import { isPhoneCountry } from '../../domain/phone.ts'
import { FileRefused } from '../../imports/file-refusal.ts'
import { type SpooledUpload, UploadNotKept } from '../../imports/spool-upload.ts'
import type { NewImport } from '../../imports/start-import.ts'
import { ImportNotTaken } from '../../imports/take-back.ts'
import type { UploadFolder } from '../../imports/upload-folder.ts'
import type { ContactList } from '../../services/catalog/catalog.ts'
import type { Journal } from '../../services/idempotency/idempotency.ts'
import type { ImportState, ImportStore } from '../../services/import-store-port.ts'
import { StoreUnavailable } from '../../services/store-port.ts'
import type { App } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { listIdParams, visibleList } from '../lists/lists.ts'
import { commonProblems, idempotencyProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import { validatorCompiler } from '../problems/validation.ts'
import type { Idempotently, WriteAnswer } from '../requests/idempotent-writes.ts'
import { ImportOptionsSchema, ImportSchema } from './import-schema.ts'
import { presentImport } from './present-import.ts'
import { uploadNotKept, uploadReader } from './read-upload.ts'

export type ImportServices = {
  readonly lists: ReadonlyMap<string, ContactList>
  readonly idempotently: Idempotently
  readonly imports: ImportStore
  /** @throws FileRefused; there is no import then */
  readonly startImport: (request: NewImport, upload: SpooledUpload) => Promise<string>
  /** The same for contacts that came as JSON. */
  readonly startBatchImport: (request: NewImport, contacts: readonly ContactDraft[]) => Promise<string>
  readonly uploads: UploadFolder
}

export type ImportLimits = { readonly importBytes: number; readonly importsPerClient: number }

/** Seconds after which it is worth looking at a new import. */
const firstLookSeconds = 1
/** How long an answer that started an import is kept under its key. */
export const importAnswerTtlMs = 7 * 24 * 3_600_000

const querystring = Type.Object(
  { validateOnly: Type.Optional(Type.Boolean({ default: false, description: 'Check all rows; send none.' })) },
  { additionalProperties: false },
)

const uploadBody = (maxBytes: number) =>
  Type.Object(
    {
      file: Type.String({
        format: 'binary',
        maxLength: maxBytes,
        description: 'The CSV file, in UTF-8, with a header.',
      }),
      options: Type.Optional(ImportOptionsSchema),
    },
    { title: 'Upload', description: 'A file and, if need be, how it is to be read; in any order.' },
  )

/** `POST /lists/{listId}/imports`: a CSV file to every target of a list. */
export function uploadRoute(app: App, services: ImportServices, limits: ImportLimits): void {
  const readUpload = uploadReader(ImportOptionsSchema, services.uploads, limits)
  app.post(
    '/lists/:listId/imports',
    {
      config: { scope: 'imports' },
      schema: {
        operationId: 'startImport',
        summary: 'Import a CSV file into a list',
        description: `Takes a CSV file in UTF-8 (at most ${sizeText(limits.importBytes)}) in the part \`file\`, and \`options\` as JSON in another. Answers when the whole file is stored durably; the rows are sent afterwards.`,
        tags: ['Imports'],
        consumes: ['multipart/form-data'],
        params: listIdParams,
        querystring,
        body: uploadBody(limits.importBytes),
        response: {
          202: {
            description: 'The import was accepted; Location is its address.',
            content: { 'application/json': { schema: ImportSchema } },
          },
          ...problemResponses(
            ...commonProblems,
            'not-found',
            'malformed-json',
            'malformed-request',
            'payload-too-large',
            'unsupported-media-type',
            'validation-failed',
            'file-unreadable',
            'too-many-imports',
            'store-unavailable',
            ...idempotencyProblems,
          ),
        },
      },
      // The body is read part by part: it is described here and checked there.
      validatorCompiler: (part) => (part.httpPart === 'body' ? () => true : validatorCompiler(part)),
    },
    async (request, reply) => {
      const client = clientOf(request)
      const list = visibleList(services.lists, client, request.params.listId)
      const { file, options } = await readUpload(request)
      try {
        if (options.defaultCountry !== undefined && !isPhoneCountry(options.defaultCountry)) throw unknownCountry
        const content = { sha256: file.sha256, options }
        return await services.idempotently(
          request,
          reply,
          (journal) => {
            const started = { client: client.id, list, options, validateOnly: request.query.validateOnly ?? false }
            return startOnce(services.imports, limits, journal, started, (announced) =>
              startOrRefuse(() => services.startImport(announced, file)),
            )
          },
          { content, ttlMs: importAnswerTtlMs },
        )
      } finally {
        await file.close()
      }
    },
  )
}

/**
 * Starts an import, if the client may have one more, and answers. Under a key there is one import only: its id is noted
 * before anybody can see it, so that whoever takes the key over from a dead owner finds what that owner had started.
 */
export async function startOnce(
  imports: ImportStore,
  limits: ImportLimits,
  journal: Journal | undefined,
  wanted: NewImport,
  start: (announced: NewImport) => Promise<string>,
): Promise<WriteAnswer> {
  for (const id of journal?.earlier?.marks ?? []) {
    const started = await imports.get(id)
    if (started !== undefined) return accepted(started)
  }
  if ((await imports.countUnfinished(wanted.client)) >= limits.importsPerClient) throw tooMany(limits)
  const id = await start({ ...wanted, ...(journal !== undefined && { announce: journal.mark }) }).catch(notTaken)
  return accepted(await stateOf(imports, id))
}

function notTaken(error: unknown): never {
  if (!(error instanceof ImportNotTaken)) throw error
  const detail = 'The store could not take the import in. Nothing was created and no row was sent. Send it again later.'
  throw new Problem('store-unavailable', { detail, retryAfterSeconds: 5 })
}

const looks = 10

/**
 * The import is there: if the store cannot say so, it is asked again for a while before the caller hears of trouble.
 */
async function stateOf(imports: ImportStore, id: string): Promise<ImportState> {
  for (let look = 1; ; look++) {
    try {
      return (await imports.get(id)) as ImportState
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || look === looks) throw error
      await sleep(200)
    }
  }
}

function sizeText(bytes: number): string {
  return bytes % 1_048_576 === 0 ? `${bytes / 1_048_576} MB` : `${bytes} bytes`
}

/** The answer to whoever started an import. */
function accepted(state: ImportState): WriteAnswer {
  return {
    status: 202,
    headers: { location: `/imports/${state.id}`, 'retry-after': String(firstLookSeconds) },
    body: presentImport(state, Date.now()),
    keep: true,
    resumable: false,
  }
}

async function startOrRefuse(start: () => Promise<string>): Promise<string> {
  try {
    return await start()
  } catch (error) {
    if (error instanceof UploadNotKept) throw uploadNotKept(error)
    if (!(error instanceof FileRefused)) throw error
    const { code, detail, line, errors } = error.refusal
    throw new Problem(code, {
      detail: line === undefined ? detail : `Line ${line}: ${detail}`,
      ...(errors !== undefined && {
        errors: errors.map((place) => ({ ...place, pointer: place.pointer.replace('#', '#/options') })),
      }),
    })
  }
}

function tooMany({ importsPerClient }: ImportLimits): Problem {
  return new Problem('too-many-imports', {
    detail: `This client has ${importsPerClient} unfinished imports, which is the limit. Wait for one to end.`,
    retryAfterSeconds: 30,
  })
}

const unknownCountry = new Problem('validation-failed', {
  errors: [
    {
      pointer: '#/options/defaultCountry',
      code: 'unknown_country',
      detail: 'No such country has phone numbers. Use an ISO 3166 alpha-2 code, for example IN.',
    },
  ],
})

/** Sends a stream with its own media type. */
export function sendText(reply: FastifyReply, type: string, body: NodeJS.ReadableStream): FastifyReply {
  return reply.header('content-type', type).header('cache-control', 'no-store').send(body)
}
