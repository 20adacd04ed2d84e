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
  not_for_this_target: 'people whom the account is not for',
  value_normalized: 'values in another spelling',
  duplicate_in_batch: 'people who come twice',
  validate_only: 'rows that were only checked',
  shown_as_sent: 'people who are shown as they were sent',
  contacts_left_out: 'people who could not be shown',
}

/**
 * What is to be known of a file. Where the accounts are told it is so at them alone.
 * @type {Readonly<Record<string, (column: string, accounts: string) => string>>}
 */
export const notes = {
  column_ignored: (column) => `“${column}” is not imported.`,
  columns_merged: (column) =>
    `“${column}” is one field with other columns: of each row the first that is not empty counts.`,
  name_is_first_name: (column) =>
    `“${column}” is taken for the first name, beside the last name. If it is the whole name, choose that above.`,
  name_is_last_name: (column) =>
    `“${column}” is taken for the last name, beside the first name. If it is the whole name, choose that above.`,
  placeholder_ignored: (column) => `Cells of “${column}” that say that there is no value, such as N/A, count as empty.`,
  group_ignored: (column) => `“${column}” has groups that every Google contact is in. They become no tags.`,
  encoding_doubtful: (column) =>
    `Texts in “${column}” look damaged, as by a wrong encoding. Compare the examples above with your file.`,
  formula_without_value: (column) =>
    `“${column}” has formulas whose value is not in the file. Open it in a spreadsheet program, save it and choose it again.`,
  report_is_csv: () =>
    'Rows of a workbook that do not get in come back as errors.csv, which spreadsheet programs open.',
  sheets_ignored: () => 'The workbook has several sheets. The first one is imported, and no other.',
  option_ignored: () =>
    'A workbook needs no encoding and no sign between cells: what was chosen there counts for nothing.',
  field_dropped: (column, accounts) => `“${column}” is not sent to ${accounts}, or not of every row.`,
  tag_dropped: (column, accounts) => `“${column}” is not sent to ${accounts}: no tags are kept there.`,
  attribute_dropped: (column, accounts) => `“${column}” is not sent to ${accounts}: such details are not kept there.`,
}
