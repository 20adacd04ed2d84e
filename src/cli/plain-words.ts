import type { WarningCode } from '../domain/outcome.ts'
import type { SkipReason } from '../services/import-store-port.ts'

/** What the codes of losses mean, after a count: `3 × tags that are not kept there`. */
const lossWords: Readonly<Record<WarningCode, string>> = {
  field_dropped: 'fields that are not kept there',
  tag_dropped: 'tags that are not kept there',
  attribute_dropped: 'attributes that are not kept there',
  name_not_split: 'whole names that stand in one part of the name there',
  value_normalized: 'values in another spelling',
  best_effort: 'values that the provider may ignore',
  policy_not_enforced: 'contacts that may have been there, whatever onConflict says',
  tags_may_be_replaced: 'tags that may have been replaced',
  not_cleared: 'values that could not be cleared',
  created_by_update: 'contacts that an update created',
  changed_by_provider: 'values that the provider changed',
  not_on_list: 'contacts that are not on the list',
  duplicate_in_batch: 'contacts that an earlier one repeats',
  duplicate_in_file: 'rows of a person of an earlier row',
  placeholder_ignored: 'cells that say that there is no value',
  group_ignored: 'groups that are no tags',
  column_merged: 'values beside one of another column',
  formula_without_value: 'formulas whose value is not in the file',
  validate_only: 'rows that were only checked',
  shown_as_sent: 'contacts that are shown as they were sent',
  contacts_left_out: 'contacts that could not be shown',
  not_for_this_target: 'contacts that the account is not for',
  no_target: 'contacts that no account is for',
  suppressed: 'contacts of people who are suppressed',
  field_suppressed: 'addresses that are suppressed',
}

const skipWords: Readonly<Record<SkipReason, string>> = {
  duplicateInFile: 'an earlier row is the same person there',
  suppressed: 'the person is suppressed, or was erased',
  alreadyThere: 'it is there already, and onConflict is skip',
  notForThisTarget: 'the account is for other contacts',
  otherAccount: 'the row is for other accounts, by its column _account',
  validateOnly: 'it was only checked',
}

/** The meaning of a code; the code itself where a newer gateway has one that is not known here. */
export function wordsOfLoss(code: string): string {
  const words = (lossWords as Readonly<Record<string, string>>)[code]
  return words === undefined ? code : `${words} (${code})`
}

/** The same for a reason to skip a row. */
export function wordsOfSkip(reason: string): string {
  const words = (skipWords as Readonly<Record<string, string>>)[reason]
  return words === undefined ? reason : `${words} (${reason})`
}
