/** What is lost on the way to an account, after a count: `412 × tags that are not kept there`. */
export const losses = {
  field_dropped: 'values that are not kept there',
  tag_dropped: 'tags that are not kept there',
  attribute_dropped: 'details that are not kept there',
  name_not_split: 'whole names that stand in one part of the name there',
  best_effort: 'values that the provider may ignore',
  policy_not_enforced: 'people who may have been there, whatever was chosen',
  tags_may_be_replaced: 'tags that may have been replaced',
  not_cleared: 'values that could not be cleared',
  created_by_update: 'people whom an update created',
  changed_by_provider: 'values that the provider changed',
  not_on_list: 'people who are not on the list',
  duplicate_in_file: 'rows of a person of an earlier row',
  placeholder_ignored: 'cells that say that there is no value',
  group_ignored: 'groups that are no tags',
  column_merged: 'second values of one field: of several columns the first counts',
  formula_without_value: 'formulas whose value is not in the file',
  field_suppressed: 'addresses that are not to be used',
  suppressed: 'people who do not want to be contacted',
  no_target: 'people whom no account is for',
}

/**
 * Why a row did not get in, where the gateway says it in words for programs; else its own are shown, which are more exact.
 * @type {Readonly<Record<string, string>>}
 */
export const codes = {
  phone_not_e164:
    'The number has no country code. Begin it with + and the country code, or say under “Columns” how numbers are written.',
}

/** What is to be known of a file, where the gateway says it in words for programs. */
export const notes = {
  /** @param {string} column */
  encoding_doubtful: (column) =>
    `Texts in “${column}” look damaged, as by a wrong encoding. Compare the examples above with your file.`,
}
