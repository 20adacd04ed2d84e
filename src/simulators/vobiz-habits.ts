import { deletionHabit } from './deletions.ts'
import { generalHabits } from './general-habits.ts'
import { numberForms } from './number-forms.ts'
import type { QuirkTable } from './quirk-table.ts'
import { vobizIdForms } from './vobiz-ids.ts'
import { vobizImportHabits } from './vobiz-import-habits.ts'

export const vobizOperations = ['list', 'search', 'get', 'create', 'update', 'delete', 'import', 'account'] as const
const reads = ['list', 'search']
const writes = ['create', 'update', 'import']

/** How Vobiz may really behave; assumed, all of it. */
export const vobizHabits = {
  ...generalHabits(vobizOperations, ['import'], ['create', 'update']),
  existing: {
    values: [
      'as-quirk',
      'kept-200',
      'kept-201',
      'stamps-reset-200',
      'stamps-reset-201',
      'refused-400',
      'refused-422',
      'refused-500',
    ],
    operations: ['create'],
    does:
      'A number that is there already. `as-quirk`: as `duplicateCreate` says; `kept-…`: the answer is the contact as it ' +
      'was (get or create); `stamps-reset-…`: written, and both time stamps are new; `refused-…`: another status than 409.',
    plays: 'loss: get-or-create; false claim: "created" for somebody who was there',
  },
  updatedAfterMs: {
    amount: 'milliseconds',
    operations: ['create', 'import'],
    does: 'A new contact’s `updated_at` is so much after its `created_at`.',
    plays: 'time stamps: a new contact taken for an old one',
  },
  tagCase: {
    values: ['kept', 'lower', 'upper', 'slug'],
    operations: writes,
    does: 'Tags are kept in lower case, in upper case, or with `-` for all but letters and digits.',
    plays: 'false claim: a tag with a capital',
  },
  numberForm: {
    values: numberForms,
    operations: ['list', 'search', 'get', 'create', 'update'],
    does: 'The form in which numbers are kept: shown so, and searched for so (`GET /_sim/contacts` shows E.164).',
    plays: 'stuck: numbers without + or with blanks',
  },
  idForm: {
    values: vobizIdForms,
    operations: ['create', 'import'],
    does: 'The ids of new contacts: `1000001` as text or (`number`) as a JSON number, a ULID, `c_…`, 24 hex digits, …',
    plays: 'false claim: ids of another form are handed out and then "not found"',
  },
  searchLagCalls: {
    amount: 'calls',
    operations: reads,
    does: 'A new contact is found only after so many lists and searches.',
    plays: 'absence proves nothing: a search that lags',
  },
  searchLagMs: {
    amount: 'milliseconds',
    operations: reads,
    does: 'A new contact is found in lists and searches only after so long.',
    plays: 'absence proves nothing: a search that lags',
  },
  searchFinds: {
    values: ['as-quirk', 'without-plus', 'twice-decoded', 'names', 'numbers', 'nobody', 'everybody'],
    operations: ['search'],
    does:
      '`as-quirk`: as `search` says; `without-plus`: a search that has a + finds nobody, digits find the number; ' +
      '`twice-decoded`: a proxy decodes the query again, so that `%2B` becomes a blank and `%252B` a +; `names`, ' +
      '`numbers`: only these are searched; `everybody`: the search is ignored.',
    plays: 'stuck: a search that finds nobody; an empty page though the person is there',
  },
  tagFilter: {
    values: ['exact', 'ignored', 'any-case', 'beginning'],
    operations: reads,
    does: 'What `tag=` does.',
    plays: 'believe what the answer shows: people who are not on the list shown as on it',
  },
  nobodyFound: {
    values: ['empty', '204', '404', '404-page', 'null'],
    operations: reads,
    does: 'The answer to a list or search that finds nobody; `null`: `items` is null.',
    plays: 'dead reads; false claim: "not there" said by a lost route',
  },
  pastEnd: {
    values: ['empty', '404', '404-page', '400', 'last', 'first'],
    operations: reads,
    does: 'The answer to a page after the last one; `last` and `first`: that page again.',
    plays: 'the end of a list',
  },
  update: {
    values: ['partial', 'whole', 'skipped', 'invalid', 'kept', 'answered-only', 'tags-added'],
    operations: ['update'],
    does:
      'What a PUT does. `whole`: what is not sent is emptied; `skipped`, `invalid`: nothing, and a 200 with that word as ' +
      '`status`; `kept`: nothing, a 200 with the contact as it is; `answered-only`: nothing, a 200 with the contact as it ' +
      'should be; `tags-added`: tags are added to those that are there.',
    plays: 'false claim: an update that was not done; loss: what was not sent',
  },
  stores: {
    values: [
      'as-sent',
      'other-number',
      'other-name',
      'short-name',
      'without-name',
      'without-tags',
      'first-tag',
      'without-attributes',
      'first-attribute-lost',
      'attributes-as-texts',
    ],
    operations: ['create', 'update'],
    does: 'What is kept of the fields that were sent, and shown in the answer. `short-name`: 20 characters.',
    plays: 'believe what the answer shows',
  },
  deletion: deletionHabit(['delete']),
  notThere: {
    values: ['404', '404-page', '404-router', '404-empty', '404-text', '400', '410', '200-null', '200-empty', '204'],
    operations: ['get', 'update', 'delete'],
    does: 'The answer for an id that is not there: in the provider’s form, or as a proxy or a framework gives it.',
    plays: 'false claim: only the provider’s own 404 says "not there"',
  },
  ...vobizImportHabits,
} as const satisfies QuirkTable
