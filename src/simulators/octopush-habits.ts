import { deletionHabit } from './deletions.ts'
import { generalHabits } from './general-habits.ts'
import { numberForms } from './number-forms.ts'
import type { QuirkTable } from './quirk-table.ts'

export const octopushOperations = [
  'create',
  'delete',
  'remove-from-list',
  'list-create',
  'list-delete',
  'list-empty',
  'balance',
] as const
const create = ['create']

/** How Octopush may really behave; assumed, all of it. */
export const octopushHabits = {
  ...generalHabits(octopushOperations, ['create', 'delete', 'remove-from-list'], create),
  listExists: {
    values: [
      'code-302',
      '409',
      '409-words',
      '400-words',
      '400-words-fr',
      '422-words',
      '403-words',
      '500-words',
      'made-200',
      'made-201',
      'made-204',
    ],
    operations: ['list-create'],
    does:
      'How it says that a list is there already: another status with its code, words without a code ("already been ' +
      'taken", "existe déjà"), or as though it had been made.',
    plays: 'stuck: a list that exists is known by one code alone',
  },
  listMade: {
    values: ['201', '201-list', '200', '200-list', '202', '204', '200-text'],
    operations: ['list-create'],
    does: 'The answer to a list that was made: with or without the list in the body.',
    plays: 'stuck: "made" is known by 201 alone',
  },
  listLagCalls: {
    amount: 'calls',
    operations: ['create'],
    does: 'A list that was made is not there for so many calls that add to it.',
    plays: 'wrong advice: a list that is visible a second later',
  },
  listLagMs: {
    amount: 'milliseconds',
    operations: ['create'],
    does: 'A list that was made is not there for so long.',
    plays: 'wrong advice: a list that is visible a second later',
  },
  missingList: {
    values: ['refused', 'ignored'],
    operations: create,
    does: 'A list that is not there (deleted in the console, say). `ignored`: people land in the account alone.',
    plays: 'silent loss: a list that was deleted while the gateway lives',
  },
  existing: {
    values: ['by-flag', 'skipped', 'invalid', 'error', 'kept-as-updated', 'kept-as-added'],
    operations: create,
    does:
      'Contacts that are there stay as they are, whatever the flag says, and are answered with this status, or (`kept-…`) ' +
      'as though they had been written.',
    plays: 'false claim: an update that was not done; unexplained: `skipped` that nobody asked for',
  },
  skippedJoinsList: {
    values: [false, true],
    operations: create,
    does: 'Whether a contact that is skipped is attached to the list and tags all the same.',
    plays: 'unexplained: a skip that leaves a person off the list',
  },
  items: {
    values: ['all', 'absent', 'none', 'strangers', 'first', 'without-numbers', 'masked', 'in-list-object'],
    operations: create,
    does:
      'Which `items` the answer has; everybody is stored. `none`: an empty list; `strangers`: numbers of which none was ' +
      'sent; `masked`: `+336****5678`; `in-list-object`: by number.',
    plays: 'absence proves nothing: everybody "blacklisted"',
  },
  itemStatus: {
    values: ['own', 'pending', 'error', 'failed', 'invalid', 'ok', 'capitals', 'absent', 'number'],
    operations: create,
    does: 'The word in `items[].status`; everybody is stored. `capitals`: `ADDED`; `number`: 1.',
    plays: 'false claim: a status that is not known',
  },
  stores: {
    values: ['as-sent', 'other-number', 'without-lists', 'without-tags', 'without-names', 'nothing'],
    operations: create,
    does: 'What is kept of a contact. `other-number`: the last digit is lost; `nothing`: answered as though it were.',
    plays: 'believe what the answer shows',
  },
  severalTags: {
    values: ['all', 'first', 'none', 'refused'],
    operations: create,
    does: '`tag_names` (documented in one place only): the first is used, none is, or the call is refused.',
    plays: 'loss: several tags ignored',
  },
  severalLists: {
    values: ['all', 'first', 'none', 'refused'],
    operations: create,
    does: '`list_names` (documented in one place only): the first is used, none is, or the call is refused.',
    plays: 'loss: several lists ignored',
  },
  email: {
    values: ['accepted', 'contact-left-out', 'call-refused'],
    operations: create,
    does: 'A contact that has an e-mail (see also `storesEmail`): taken, left out of the answer, or the call refused.',
    plays: 'loss: an e-mail that is refused',
  },
  numberForm: {
    values: numberForms,
    operations: create,
    does: 'The form of `phone_number` in the answer (see also `answersWithoutPlus`).',
    plays: 'stuck: numbers in another form',
  },
  deletion: deletionHabit(['delete', 'remove-from-list', 'list-delete']),
  unknownNumber: {
    values: ['204', '404', '400-code', '200-count'],
    operations: ['delete', 'remove-from-list'],
    does: 'The answer to numbers of which none is there.',
    plays: 'false claim: gone or never there',
  },
  removal: {
    values: ['from-list', 'from-account'],
    operations: ['remove-from-list'],
    does: '`from-account`: a contact that is taken off a list is deleted.',
    plays: 'loss: more is deleted than was asked',
  },
} as const satisfies QuirkTable
