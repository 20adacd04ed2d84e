import type { RequestAction } from '../../domain/audit-actions.ts'
import type { ProblemSlug } from '../problems/problems.ts'
import type { Subject } from '../requests/subject-of.ts'
import type { WriteFacts } from '../requests/write-answer.ts'
import type { LeftOut } from './limit-lines.ts'
import type { Unwelcome } from './observe-requests.ts'

/** Told of every write and of callers that are refused, for the audit. Must neither throw nor wait. */
export type RequestAuditor = {
  wrote(write: AuditedWrite): void
  refused(refusal: AuditedRefusal): void
  /** How many refusals were not told, by reason. */
  leftOut(leftOut: LeftOut): void
}

/** Who calls, as far as that is known. */
export type Caller = {
  readonly client: string | undefined
  readonly keyId: string | undefined
  readonly address: string | undefined
  readonly requestId: string
}

type Answer = { readonly status: number; readonly problem: ProblemSlug | undefined }

/** A write of a known client, carried out or refused. */
export type AuditedWrite = Caller &
  Subject &
  Answer & {
    readonly action: RequestAction
    /** What the answer says of the contacts; of one that was given from memory nothing is known. */
    readonly facts: WriteFacts | undefined
    /** `<account>:<key>`, as the caller named it. It is not to be written down. */
    readonly contactId: string | undefined
    readonly validateOnly: boolean
    readonly replayed: string | undefined
  }

/** A request that was refused before anything was looked at. `wanted`: what it would have done, if it is a write. */
export type AuditedRefusal = Caller &
  Answer & { readonly reason: Unwelcome | ProblemSlug; readonly wanted: RequestAction | undefined }
