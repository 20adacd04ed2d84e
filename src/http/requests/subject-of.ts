import type { FastifyRequest } from 'fastify'

/** What of the configuration a request is about, and which import. */
export type Subject = {
  readonly list?: string | undefined
  readonly account?: string | undefined
  readonly import?: string | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The account that was chosen for a request that names none. */
    chosenAccount: string | undefined
    /** Once it was asked for. */
    subject: Subject | undefined
  }
}

type Configured = Readonly<Record<'lists' | 'accounts', ReadonlyMap<string, unknown>>>
type Named = { readonly listId?: unknown; readonly contactId?: unknown; readonly importId?: unknown }

/**
 * Reads the subject of requests that are answered, for the log and the audit. A name that the configuration does not have is the caller's
 * own text, which may be anything, and is left out; so is the key of a contact.
 */
export function subjectReader({ lists, accounts }: Configured) {
  return (request: FastifyRequest): Subject => {
    if (request.subject !== undefined) return request.subject
    const { listId, contactId, importId } = (request.params ?? {}) as Named
    const account =
      request.chosenAccount ?? accountOf(contactId) ?? (request.query as { account?: unknown } | undefined)?.account
    request.subject = {
      list: typeof listId === 'string' && lists.has(listId) ? listId : undefined,
      account: typeof account === 'string' && accounts.has(account) ? account : undefined,
      import: typeof importId === 'string' && formOfImport.test(importId) ? importId : undefined,
    }
    return request.subject
  }
}

const formOfImport = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function accountOf(contactId: unknown): string | undefined {
  return typeof contactId === 'string' ? contactId.slice(0, Math.max(0, contactId.indexOf(':'))) : undefined
}
