import type { Contact, StoredContact } from '../../domain/contact.ts'
import type { OutcomeError, Warning } from '../../domain/outcome.ts'
import { isSameText } from '../../domain/same-text.ts'
import type { WrittenContact } from '../../providers/adapter-port.ts'
import { differenceOf, loosely, type Written } from './compare-written.ts'

/**
 * What the answer to a write proves. One that shows another number is about somebody else, of whom nothing is shown, and one
 * that shows the contact without its list has not put it there: both are no success. Whatever else it shows otherwise than
 * it was sent is a warning, whose pointer is into the contact that the caller gave (`asked`), where that has the value.
 */
export function checkShown(sent: Written, written: WrittenContact, asked: Contact = sent.contact): WrittenContact {
  const { contact: shown } = written
  const difference = shown && differenceOf(sent, shown, loosely)
  if (difference === undefined) return written
  const { title } = sent.account.adapter
  // The id that it shows does not name the contact that was sent either.
  if (difference.number) return { status: 'unknown', error: anotherNumber(title) }
  const pointers = new Set(difference.pointers.map((pointer) => pointerInto(asked, sent.contact, pointer)))
  const warnings = [...(written.warnings ?? []), ...[...pointers].map((pointer) => changed(title, pointer))]
  return difference.list ? { ...unsure(written, offList(title)), warnings } : { ...written, warnings }
}

/** The names of attributes that were there before, and were only sent along, are not shown to the caller. */
function pointerInto(asked: Contact, sent: Contact, pointer: string): string {
  const [, field = '', name = ''] = pointer.split('/')
  if (field === 'attributes') return Object.hasOwn(asked.attributes, name) ? pointer : '/attributes'
  if (field !== 'tags') return pointer
  const index = asked.tags.findIndex((tag) => isSameText(tag, sent.tags[Number(name)] as string))
  return index < 0 ? '/tags' : `/tags/${index}`
}

/** The provider gave back what it has and could not be asked about it: ours was most likely not written. */
export function unchangedHere(sent: Written, written: WrittenContact): WrittenContact {
  const { title } = sent.account.adapter
  const { contact: shown } = written
  if (shown !== undefined && differenceOf(sent, shown, loosely)?.number === true) return checkShown(sent, written)
  return unsure(written, {
    code: 'provider_unreadable',
    detail: `${title} answered with a contact that lacks what was sent, and could not be asked what it has now. Send it again.`,
    retriable: true,
  })
}

/** A contact that the provider has and that stays as it is: where it is not on the list, it is not put there. */
export function skippedAt({ account, target }: Written, shown: StoredContact): WrittenContact {
  const { membership, title } = account.adapter
  const isOff = target !== undefined && membership !== undefined && !membership.has(shown, target)
  const skipped = { status: 'skipped', key: shown.key, contact: shown } as const
  const isUntold = shown.untold?.has('tags') === true || shown.leftOut?.has('tags') === true
  return isOff ? { ...skipped, warnings: [isUntold ? maybeOffList(title) : leftOffList(title)] } : skipped
}

/** Two replicas may have written one contact at once. */
export const replicasNotAsked: Warning = {
  code: 'tags_may_be_replaced',
  pointer: '/tags',
  detail:
    'The store that the replicas of the gateway share could not be asked. If another of them wrote this contact at the same time, tags or attributes of one of the two may be missing: look there, or send it again.',
}

function unsure(written: WrittenContact, error: OutcomeError): WrittenContact {
  return { ...written, status: 'unknown', error }
}

function anotherNumber(title: string): OutcomeError {
  return {
    code: 'provider_unreadable',
    pointer: '/phone',
    detail: `${title} answered with a contact that has another number than was sent. Look there for both numbers before you send it again.`,
    retriable: false,
  }
}

function offList(title: string): OutcomeError {
  return {
    code: 'not_on_list',
    pointer: '',
    detail: `${title} has the contact, and shows it without the list. Send it again; if that does not help, an operator has to look at the list there.`,
    retriable: true,
  }
}

function leftOffList(title: string): Warning {
  return {
    code: 'not_on_list',
    pointer: '',
    detail: `${title} has this contact, which is not on the list, and with onConflict "skip" was not put there. Send it with "update" to add it.`,
  }
}

function maybeOffList(title: string): Warning {
  return {
    code: 'not_on_list',
    pointer: '',
    detail: `${title} has this contact and does not show whether it is on the list, and with onConflict "skip" it was not put there. Send it with "update" to add it.`,
  }
}

function changed(title: string, pointer: string): Warning {
  return {
    code: 'changed_by_provider',
    pointer,
    detail: `${title} shows another value than was sent, or none. What it shows is what it has.`,
  }
}
