import { generalHabits } from './general-habits.ts'
import type { QuirkTable } from './quirk-table.ts'

export const oblicOperations = ['add'] as const
const add = ['add']

/** How Oblic may really behave; assumed, all of it. */
export const oblicHabits = {
  ...generalHabits(oblicOperations, add, add),
  badContact: {
    values: ['refused', 'rest-stored', 'success-with-errors', 'dropped'],
    operations: add,
    does:
      'Contacts that are refused among good ones. `refused`: the batch, as `atomic` says; `rest-stored`: all good ones ' +
      'are stored, also those after it, and the answer is the refusal; `success-with-errors`: the good ones are stored, ' +
      'the answer is a success with the errors; `dropped`: a success without a word of them.',
    plays: 'sends twice: half-applied refusals; false claim: success with an error in `errors`',
  },
  existing: {
    values: ['upserted', 'kept', 'conflict-409', 'conflict-400'],
    operations: add,
    does:
      'An e-mail that the list has already. `kept`: the contact stays as it was, the answer is a success; ' +
      '`conflict-…`: the whole batch is refused with CONTACT_EXISTS and nobody gets in.',
    plays: 'stuck: a conflict for a batch; loss: nothing written though it says so',
  },
  invalidEmailStatus: {
    values: [400, 422, 500, 409, 200],
    operations: add,
    does: 'The status that goes with INVALID_EMAIL; 200 = an error in the body of a 200.',
    plays: 'stuck: a fault of the data that looks like one of the server',
  },
} as const satisfies QuirkTable
