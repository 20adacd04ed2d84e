import { isFine, type Probe, type Said } from '../../probing.ts'
import { isRecord } from '../../reading/coercions.ts'
import { readError } from '../../reading/read-error.ts'
import { writtenForm, writtenForms } from '../../reading/written-form.ts'
import { firstAnswer, flags } from './steps.ts'
import {
  firstOf,
  isOf,
  isRefusedForData,
  itemOf,
  itemsIn,
  oddNumber,
  type ShownItem,
  secondOf,
  wasThere,
  wordFor,
} from './test-contact.ts'

/** What is open of adding people (docs/providers.md, "Octopush: adding contacts"). */
export const contactProbes: readonly Probe[] = [
  {
    id: 'OCT-ITEMS',
    question: 'Does the answer show everybody who was sent?',
    answers: {
      all: 'It does.',
      fewer: 'It shows some of them.',
      none: 'It shows nobody.',
      strangers: 'It shows other numbers.',
      'without-numbers': 'It shows no numbers.',
      'by-number': 'It does, as an object with their numbers for names.',
    },
    assumes: ['all', 'by-number'],
    read: readWhoIsShown,
  },
  {
    id: 'OCT-STATUS',
    question: 'Which word does somebody new get?',
    answers: {
      added: '`added`, as documented.',
      capitals: '`added`, in capitals.',
      other: 'Another word.',
      number: 'A number.',
      none: 'None.',
    },
    assumes: ['added', 'capitals'],
    read: (said) => {
      const first = firstAnswer(said)
      const item = first && itemOf(said, first.step, firstOf(said))
      return item && wordOf(item)
    },
  },
  {
    id: 'OCT-NUMBER-FORM',
    question: 'In which form are numbers shown?',
    answers: writtenForms,
    assumes: ['plus', 'digits', 'grouped', 'double-zero', 'national'],
    read: (said) => {
      const first = firstAnswer(said)
      const shown = first && itemOf(said, first.step, firstOf(said))?.phone_number
      return shown === undefined ? undefined : writtenForm(String(shown))
    },
  },
  {
    id: 'OCT-ORDER',
    question: 'In which order are people shown?',
    answers: { sent: 'As they were sent.', other: 'In another one.' },
    assumes: ['sent', 'other'],
    read: (said) => {
      const items = itemsIn(said.answer('pair'))
      const places = [firstOf(said), secondOf(said)].map(
        (number) => items?.findIndex((item) => isOf(item, number)) ?? -1,
      )
      const [one = -1, two = -1] = places
      if (one < 0 || two < 0) return undefined
      return one < two ? 'sent' : 'other'
    },
  },
  {
    id: 'OCT-CONTRA-1',
    question: 'What does `do_not_overwrite` do?',
    answers: { keeps: 'It keeps whoever is there as they are.', overwrites: 'It overwrites whoever is there.' },
    assumes: ['keeps'],
    read: (said) => {
      const [withFlag, without] = bothWords(said)
      if (withFlag === 'skipped' && without === 'updated') return 'keeps'
      return withFlag === 'updated' && without === 'skipped' ? 'overwrites' : undefined
    },
  },
  {
    id: 'OCT-EXISTING',
    question: 'Which word does somebody get who is there?',
    answers: {
      'by-flag': '`updated` or `skipped`, as the flag says.',
      skipped: '`skipped`, whatever the flag says.',
      updated: '`updated`, whatever the flag says.',
      added: '`added`, as somebody new.',
      other: 'Another word.',
    },
    assumes: ['by-flag'],
    read: (said) => {
      const [withFlag, without] = bothWords(said)
      if (withFlag === undefined || without === undefined) return undefined
      const words = [withFlag, without].toSorted().join()
      if (words === 'skipped,updated') return 'by-flag'
      if (withFlag !== without) return undefined
      return ['skipped', 'updated', 'added'].includes(withFlag) ? withFlag : 'other'
    },
  },
  {
    id: 'OCT-CONTRA-2',
    question: 'Which flag drops numbers on the blacklist?',
    answers: {
      both: 'Either of the two.',
      auto_remove_blacklisted_numbers: '`auto_remove_blacklisted_numbers`.',
      auto_delete_optout_contacts: '`auto_delete_optout_contacts`.',
      none: 'Neither of the two.',
    },
    assumes: ['both', ...flags],
    settings: {
      both: { name: 'optOutFlag', oneOf: [...flags, 'both'] },
      auto_remove_blacklisted_numbers: { name: 'optOutFlag', oneOf: ['auto_remove_blacklisted_numbers', 'both'] },
      auto_delete_optout_contacts: { name: 'optOutFlag', oneOf: ['auto_delete_optout_contacts', 'both'] },
    },
    read: readFlags,
  },
  {
    id: 'OCT-CONTRA-3',
    question: 'What becomes of an e-mail address?',
    answers: {
      shown: 'The answer shows it.',
      'not-shown': 'It is taken, and the answer does not show it.',
      'left-out': 'The person is left out.',
      refused: 'The call is refused.',
    },
    assumes: ['shown', 'not-shown'],
    settings: {
      'left-out': { name: 'sendEmail', oneOf: [false] },
      refused: { name: 'sendEmail', oneOf: [false] },
    },
    read: (said) => {
      const response = said.answer('email')
      if (response === undefined) return undefined
      const item = itemOf(said, 'email', firstOf(said))
      if (item !== undefined) return item.email === said.emails[0] ? 'shown' : 'not-shown'
      // Without the address the person was taken: the address is what was refused.
      if (wordFor(said, 'again', firstOf(said)) === undefined) return undefined
      if (itemsIn(response)?.length === 0) return 'left-out'
      if (!isRefusedForData(response)) return undefined
      return readError(response).code === '117' ? 'left-out' : 'refused'
    },
  },
  {
    id: 'OCT-CONTRA-5',
    question: 'Are several tags taken at once?',
    answers: {
      taken: 'The call is taken; which tags it leaves only the account shows.',
      refused: 'The call is refused.',
    },
    assumes: ['taken'],
    settings: { refused: { name: 'manyTags', oneOf: ['one call each'] } },
    read: (said) => takenOrRefused(said, 'tags'),
  },
  {
    id: 'OCT-LIST-NAMES',
    question: 'Are several lists taken at once?',
    answers: {
      taken: 'The call is taken; which lists it leaves only the account shows.',
      refused: 'The call is refused.',
    },
    assumes: ['taken', 'refused'],
    read: (said) => takenOrRefused(said, 'lists'),
  },
  {
    id: 'OCT-BAD-NUMBER',
    question: 'What becomes of a number without its country code?',
    answers: {
      'left-out': 'It is left out of the answer.',
      added: 'It is added, with some country code.',
      told: 'The answer tells of it in another word.',
      refused: 'The whole call is refused.',
    },
    assumes: ['left-out', 'told'],
    read: (said) => {
      const response = said.answer('odd')
      if (isRefusedForData(response)) return 'refused'
      if (wordFor(said, 'odd', secondOf(said)) === undefined) return undefined
      const word = itemOf(said, 'odd', oddNumber)
      if (word === undefined) return 'left-out'
      return wasThere(said, 'odd', oddNumber) === undefined ? 'told' : 'added'
    },
  },
  {
    id: 'OCT-TWICE',
    question: 'Is somebody who stands in a call twice shown twice?',
    answers: { twice: 'Twice.', once: 'Once.' },
    assumes: ['twice', 'once'],
    read: (said) => {
      const items = itemsIn(said.answer('odd'))?.filter((item) => isOf(item, secondOf(said))) ?? []
      // An answer that shows one of several people in other calls says nothing here either.
      if (readWhoIsShown(said) !== 'all' && readWhoIsShown(said) !== 'by-number') return undefined
      if (isByNumber(said)) return undefined
      return items.length === 0 ? undefined : items.length > 1 ? 'twice' : 'once'
    },
  },
  {
    id: 'OCT-NO-NUMBER',
    question: 'What is the answer to a call without one correct number?',
    answers: { 'code-117': 'A refusal with the code 117.', refused: 'Another refusal.', taken: 'A success.' },
    assumes: ['code-117', 'taken'],
    read: (said) => {
      const response = said.answer('odd-alone')
      if (response === undefined || response.status >= 500 || firstAnswer(said) === undefined) return undefined
      if (isFine(response)) return 'taken'
      return readError(response).code === '117' ? 'code-117' : 'refused'
    },
  },
]

function wordOf({ status }: ShownItem): string {
  if (status === undefined || status === null) return 'none'
  if (typeof status === 'number') return 'number'
  if (status === 'added') return 'added'
  return String(status).toLowerCase() === 'added' ? 'capitals' : 'other'
}

function bothWords(said: Said): readonly [string | undefined, string | undefined] {
  return [wordFor(said, 'again-kept', firstOf(said)), wordFor(said, 'again', firstOf(said))]
}

function isByNumber(said: Said): boolean {
  const first = firstAnswer(said)
  const body = first && said.answer(first.step)?.body
  return isRecord(body) && isRecord(body.items)
}

function readWhoIsShown(said: Said): string | undefined {
  const first = firstAnswer(said)
  if (first === undefined) return undefined
  const items = itemsIn(said.answer(first.step)) ?? []
  if (items.length === 0) return 'none'
  if (items.every(({ phone_number: number }) => number === undefined)) return 'without-numbers'
  if (itemOf(said, first.step, firstOf(said)) === undefined) return 'strangers'
  if (isByNumber(said)) return 'by-number'
  const shown = [firstOf(said), secondOf(said)].filter((number) => itemOf(said, 'pair', number) !== undefined)
  if (!isFine(said.answer('pair'))) return undefined
  return shown.length === 2 ? 'all' : 'fewer'
}

function takenOrRefused(said: Said, step: string): string | undefined {
  const response = said.answer(step)
  // The same call with less in it was taken: it is the plural that is refused.
  if (wordFor(said, 'again', firstOf(said)) === undefined) return undefined
  return isFine(response) ? 'taken' : isRefusedForData(response) ? 'refused' : undefined
}

function readFlags(said: Said): string | undefined {
  const { optedOut } = said
  if (optedOut === undefined || wordFor(said, 'again', firstOf(said)) === undefined) return undefined
  const drops = flags.map((flag) => {
    const response = said.answer(`opted-out-${flag}`)
    const items = itemsIn(response)
    if (items === undefined) return isRefusedForData(response) ? true : undefined
    return !items.some((item) => isOf(item, optedOut))
  })
  const [first, second] = drops
  if (first === undefined || second === undefined) return undefined
  if (first && second) return 'both'
  return first ? flags[0] : second ? flags[1] : 'none'
}
