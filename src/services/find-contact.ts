import type { CallContext } from '../domain/call-context.ts'
import type { StoredContact } from '../domain/contact.ts'
import type { Result } from '../domain/failure.ts'
import { execute } from '../providers/execute.ts'
import type { ContactWrite } from './write-contact.ts'

/** `ok` without a contact: the provider has none. */
export type Found = Result<StoredContact | undefined>

type Asked = Pick<ContactWrite, 'account' | 'contact'>

/** Asks the provider for a contact by its number; `undefined` where it cannot be asked. */
export async function findContact({ account, contact }: Asked, context: CallContext): Promise<Found | undefined> {
  const operation = account.adapter.operations.findContact
  const phone = contact.phone ?? contact.whatsapp
  if (operation === undefined || phone === undefined) return undefined
  return execute(account, 'findContact', operation, { phone, settings: account.settings }, context)
}

/** When it is asked again, in parts of the account's `settleAfterMs`: by default after 1 s and after 3 s. */
const laterMoments = [1 / 3, 1] as const

/**
 * Asks for a contact that may have been written at `writtenAt`, or shortly before (on the account's clock). A search may be
 * behind what was written, so that "not there" is believed only when `settleAfterMs` have passed since. Where the deadline
 * comes before, nothing is known: that is a failure.
 */
export async function findSoon(asked: Asked, writtenAt: number, context: CallContext): Promise<Found | undefined> {
  const { policies, settleAfterMs } = asked.account
  const isLate = policies.clock.now() >= writtenAt + settleAfterMs
  const found = await findContact(asked, context)
  return isLate || !isAbsent(found) ? found : findLater(asked, writtenAt, context)
}

/** The same for who has asked at once already, and was told that it is not there. */
export async function findLater(asked: Asked, writtenAt: number, context: CallContext): Promise<Found | undefined> {
  const { policies, settleAfterMs } = asked.account
  const { clock } = policies
  let found: Found | undefined = { ok: undefined }
  if (settleAfterMs === 0) return found
  for (const part of laterMoments) {
    const waitMs = Math.max(0, writtenAt + settleAfterMs * part - clock.now())
    if (clock.now() + waitMs >= context.deadlineAt) return { failure: { kind: 'deadline' } }
    if (waitMs > 0) await clock.sleep(waitMs)
    found = await findContact(asked, context)
    if (!isAbsent(found)) return found
  }
  return found
}

function isAbsent(found: Found | undefined): boolean {
  return found !== undefined && 'ok' in found && found.ok === undefined
}
