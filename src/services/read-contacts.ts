import type { CallContext } from '../domain/call-context.ts'
import type { StoredContact, UntoldParts } from '../domain/contact.ts'
import { beforeSending, type Result } from '../domain/failure.ts'
import type { Warning } from '../domain/outcome.ts'
import { execute } from '../providers/execute.ts'
import type { Account } from '../providers/port.ts'

/** The contact with this key; `notFound` when there is none. */
export async function getContact(account: Account, key: string, context: CallContext): Promise<Result<StoredContact>> {
  const operation = account.adapter.operations.getContact
  if (operation === undefined) throw new Error(`${account.adapter.id} cannot read contacts`)
  return execute(account, 'getContact', operation, { key, settings: account.settings }, context)
}

/** A contact that was read to be written back, and what may be lost of it by that. */
export type ReadToWrite = { readonly contact: StoredContact; readonly warnings: readonly Warning[] }

type Part = keyof UntoldParts

/**
 * The contact with the parts that will be written over: where an answer did not show all of them, it is asked for once
 * more, by its key. What both leave out is most likely empty, which is a warning; what cannot be read would be lost, so that
 * it is a failure.
 */
export async function readToWrite(
  account: Account,
  stored: StoredContact,
  parts: readonly Part[],
  context: CallContext,
): Promise<Result<ReadToWrite>> {
  const { untold } = stored
  const isTold = untold === undefined || parts.every((part) => untold[part] === undefined)
  if (isTold || account.adapter.operations.getContact === undefined) return { ok: { contact: stored, warnings: [] } }
  const again = await getContact(account, stored.key, context)
  if ('failure' in again) return { failure: beforeSending(again.failure) }
  const missing = parts.map((part) => untoldTwice(untold[part], again.ok.untold?.[part]))
  if (missing.includes('unreadable')) return { failure: { kind: 'unreadable', beforeSending: true } }
  const { tags, attributes } = again.ok
  const contact = {
    ...stored,
    ...(untold.tags !== undefined && { tags }),
    ...(untold.attributes !== undefined && { attributes, ...emailOf(again.ok) }),
  }
  const absent = parts.filter((_, index) => missing[index] === 'absent')
  return { ok: { contact, warnings: absent.map((part) => notShown(account.adapter.title, part)) } }
}

function untoldTwice(first: UntoldParts[Part], second: UntoldParts[Part]): UntoldParts[Part] {
  return first === undefined || second === 'unreadable' ? first && second : second && first
}

/** It may be kept among the attributes. */
function emailOf({ email }: StoredContact): Pick<StoredContact, 'email'> {
  return email === undefined ? {} : { email }
}

function notShown(title: string, part: keyof UntoldParts): Warning {
  return {
    code: 'tags_may_be_replaced',
    pointer: `/${part}`,
    detail: `${title} did not show the ${part} that the contact had before. If it had any, they may be gone.`,
  }
}
