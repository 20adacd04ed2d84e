import type { CallContext } from '../domain/call-context.ts'
import type { CallbackDoor, CallbackResult } from '../domain/callback-door.ts'
import type { ClientDirectory } from '../domain/client.ts'
import type { ContactDraft } from '../domain/contact.ts'
import type { Erasure } from '../domain/erasure.ts'
import type { SharedCounts } from '../domain/quota.ts'
import type { SpooledUpload } from '../imports/file/spool-upload.ts'
import type { UploadFolder } from '../imports/file/upload-folder.ts'
import type { FileToInspect, Inspection } from '../imports/inspect-file.ts'
import type { NewImport } from '../imports/start-import.ts'
import type { AccountActivity } from '../services/activity/activity.ts'
import type { ContactList, Destination } from '../services/catalog/catalog.ts'
import type { AddedContacts, BatchHistory, PreparedBatch } from '../services/contacts/add-contacts.ts'
import type { CreatedContact } from '../services/contacts/create-contact.ts'
import type { PreparedDelivery } from '../services/delivery/plan-delivery.ts'
import type { Erasures } from '../services/erasures/erasures.ts'
import type { EventStore } from '../services/event-store-port.ts'
import type { Explanations } from '../services/explanations/explanations.ts'
import type { ImportStore } from '../services/import-store-port.ts'
import type { Addressed } from '../services/suppressions/look-up.ts'
import type { Suppressions } from '../services/suppressions/suppressions.ts'
import type { SuppressionWatch } from '../services/suppressions/watch-suppressions.ts'
import type { RequestObserver } from './hooks/observe-requests.ts'
import type { RequestAuditor } from './hooks/request-auditor.ts'
import type { RequestTracer } from './hooks/trace-requests.ts'
import type { ProblemSlug } from './problems/problems.ts'
import type { Cursors } from './requests/cursors.ts'
import type { Idempotently } from './requests/write-answer.ts'

type Account = Destination['account']

/** What the API is an interface to. A route, or a hook, takes those of them that it needs: `Pick<Services, …>`. */
export type Services = {
  readonly clients: ClientDirectory
  readonly isTrustedProxy: (address: string) => boolean
  /** What all replicas have counted of requests; without it each counts for itself. */
  readonly sharedCounts?: SharedCounts | undefined

  readonly accounts: ReadonlyMap<string, Destination>
  readonly activity: Pick<AccountActivity, 'read'>
  readonly lists: ReadonlyMap<string, ContactList>
  /** By account; only those whose provider may call back. */
  readonly callbacks: ReadonlyMap<string, CallbackDoor>
  readonly cursors: Cursors
  readonly idempotently: Idempotently

  /**
   * Looks up who of these is suppressed; what is known then is handed to what sends them. It goes out at once, beside the
   * claim on a key that follows. Nobody need wait for it.
   * @throws NotBegun: the store could not be asked
   */
  readonly watchSuppressions: (people: readonly Addressed[]) => Promise<SuppressionWatch>
  readonly createContact: (
    prepared: PreparedDelivery,
    watch: SuppressionWatch,
    options: { readonly client: string; readonly again: boolean },
    context: CallContext,
  ) => Promise<CreatedContact>
  readonly addContacts: (
    batch: PreparedBatch,
    watch: SuppressionWatch,
    options: { readonly client: string; readonly history: BatchHistory | undefined },
    context: CallContext,
  ) => Promise<AddedContacts>

  /**
   * False: nothing of `told` could be read, and nothing was kept.
   * @throws StoreUnavailable
   */
  readonly receiveOptOuts: (account: Account, told: readonly unknown[], request: string) => Promise<boolean>
  readonly onCallback?: ((account: string, result: CallbackResult) => void) | undefined

  readonly imports: ImportStore
  /** @throws FileRefused; there is no import then */
  readonly startImport: (request: NewImport, upload: SpooledUpload) => Promise<string>
  /** The same for contacts that came as JSON. */
  readonly startBatchImport: (request: NewImport, contacts: readonly ContactDraft[]) => Promise<string>
  /** @throws FileRefused for what an import refuses before it knows the columns */
  readonly inspectFile: (request: FileToInspect, upload: SpooledUpload) => Promise<Inspection>
  readonly uploads: UploadFolder

  readonly erasures: Pick<Erasures, 'preview' | 'begin' | 'get' | 'page' | 'done' | 'retry'>
  /** Until when the gateway may hold something of the person, in milliseconds since 1970. */
  readonly heldUntil: (erasure: Erasure) => Promise<number>
  readonly suppressions: Suppressions
  readonly deliveries: Deliveries
  /** Absent: none are kept. */
  readonly explanations?: Explanations | undefined

  /** `undefined` when requests can be served. */
  readonly notReady: () => Promise<NotReady | undefined>
  /** Told of every request by a client who waits for its answer. */
  readonly onAttention?: (() => void) | undefined
  readonly requestObserver?: RequestObserver | undefined
  /** Without it nothing is audited. */
  readonly auditor?: RequestAuditor | undefined
  readonly tracer?: RequestTracer | undefined
  /** For `GET /metrics`; without it there is none. */
  readonly metrics?: MetricsText | undefined
}

/** Events on their way to the webhooks of a client. */
export type Deliveries = Pick<EventStore, 'page' | 'get' | 'retry'> & {
  /** Of an endpoint that is configured. */
  urlOf(endpoint: string): string | undefined
}

/** What keeps requests from being served. */
export type NotReady = { readonly slug: ProblemSlug; readonly detail?: string }

/** The metrics as text, and the media type of their format. */
export type MetricsText = { readonly contentType: string; read(): Promise<string> }

/** The limits that are configured. */
export type Limits = {
  /** Bytes of a JSON body. */
  readonly jsonBytes: number
  readonly batchContacts: number
  readonly importBytes: number
  readonly importsPerClient: number
  readonly storedBytesPerClient: number
  readonly streamsPerClient: number
  readonly suppressionsPerDay: number
  readonly deadlineMs: number
  readonly overloadDelayMs: number
}

/** What routes are told beside the services. */
export type RouteOptions = {
  /** The gateway's public address, without a trailing slash; asked for when it is listening. */
  readonly publicUrl: () => string
  readonly limits: Limits
}
