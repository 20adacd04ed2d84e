/**
 * Why a row did not get in, by the code that the API tells: what is the matter, and what to do. The gateway's own words are
 * shown beside where they are more exact.
 * @type {Readonly<Record<string, { what: string, mend: string }>>}
 */
export const codes = {
  identifier_required: {
    what: 'No address',
    mend: 'Fill in an e-mail address, a phone number or a WhatsApp number.',
  },
  name_required: { what: 'No name', mend: 'The account takes nobody without a name: fill it in.' },
  email_required: { what: 'No e-mail address', mend: 'The account takes nobody without one: fill it in.' },
  phone_required: { what: 'No phone number', mend: 'The account takes nobody without one: fill it in.' },
  phone_not_e164: {
    what: 'No country code',
    mend: 'Begin the number with + and its country code, or say under “Columns” how numbers are written.',
  },
  phone_invalid: {
    what: 'Not a valid phone number',
    mend: 'Compare its digits and its country code with where you have it from.',
  },
  phone_ambiguous: { what: 'Could be two numbers', mend: 'Write it with + and its country code.' },
  phone_not_changeable: { what: 'The number cannot be changed there', mend: 'Add the person with the new number.' },
  email_invalid: { what: 'Not a valid e-mail address', mend: 'Write it as name@example.com.' },
  tag_too_long: { what: 'A tag is too long', mend: 'Shorten it.' },
  too_many_tags: { what: 'Too many tags', mend: 'Leave some out.' },
  value_too_long: { what: 'Too long', mend: 'Shorten the text.' },
  json_invalid: {
    what: 'Cannot be read',
    mend: 'Leave brackets and quotation marks as they stood in errors.csv, or write plain text without them.',
  },
  country_code_invalid: {
    what: 'No such country',
    mend: 'Write its two letters, such as FR, or its code, such as +33.',
  },
  formula_without_value: {
    what: 'A formula without its value',
    mend: 'Open the workbook in a spreadsheet program, save it and import it again.',
  },
  too_few_cells: {
    what: 'Too few cells',
    mend: 'Cells are missing at the end of the row. Compare it with the header.',
  },
  too_many_cells: {
    what: 'Too many cells',
    mend: 'The sign between cells may stand in a text without quotation marks around it.',
  },
  rejected_by_provider: { what: 'Refused by the provider', mend: 'Change what it does not like, then try again.' },
  blacklisted: {
    what: 'On the provider’s own list',
    mend: 'The provider keeps a list of people who are not to be contacted. Only there can it be changed.',
  },
  suppressed: {
    what: 'Does not want to be contacted',
    mend: 'Nothing was sent. Under “People” you see who said so, and when.',
  },
  conflict: {
    what: 'The provider contradicts itself',
    mend: 'It says that it has the number, and does not show it. Import the row again in a moment.',
  },
  not_found: { what: 'Not known to the provider', mend: 'Tell whoever runs the gateway: the list may be wrong there.' },
  not_on_list: {
    what: 'Not on the list',
    mend: 'The provider has the person, and shows it without the list. Import the row again.',
  },
  no_target: {
    what: 'No account is for this person',
    mend: 'The list takes other people. Whoever runs the gateway can say which.',
  },
  not_for_this_target: {
    what: 'The account is for other people by now',
    mend: 'It may have arrived before the list was changed. Look there.',
  },
  unknown_account: { what: 'The list has no such account', mend: 'Leave _account empty for all accounts of the list.' },
  account_removed: {
    what: 'The account was taken away meanwhile',
    mend: 'Tell whoever runs the gateway; then import these rows again.',
  },
  erased: { what: 'The person was erased meanwhile', mend: 'The receipt of the erasure tells of each account.' },
  provider_credentials: {
    what: 'The provider does not let the gateway in',
    mend: 'Tell whoever runs the gateway; then import these rows again.',
  },
  provider_limit_reached: {
    what: 'The plan at the provider is used up',
    mend: 'Somebody has to see to it there; then import these rows again.',
  },
  provider_too_large: {
    what: 'Too large for the provider',
    mend: 'Shorten the row, or tell whoever runs the gateway.',
  },
  provider_misaddressed: {
    what: 'The provider has moved',
    mend: 'Tell whoever runs the gateway; then import these rows again.',
  },
  provider_rate_limited: { what: 'Too fast for the provider', mend: 'Import these rows again later.' },
  provider_unreachable: { what: 'The provider could not be reached', mend: 'Import these rows again later.' },
  provider_unavailable: {
    what: 'The provider failed',
    mend: 'It may have arrived all the same. Importing it again does no harm.',
  },
  provider_timeout: {
    what: 'No answer in time',
    mend: 'It may have arrived all the same. Importing it again does no harm.',
  },
  provider_unreadable: { what: 'The answer could not be read', mend: 'It may have arrived. Look at the provider.' },
  provider_redirect: {
    what: 'The provider sent the gateway elsewhere',
    mend: 'It may have arrived. Tell whoever runs the gateway.',
  },
  provider_busy: { what: 'Too much was waiting', mend: 'Nothing was sent. Import these rows again later.' },
  breaker_open: {
    what: 'The provider failed too often',
    mend: 'Nothing was sent there for a while. Import these rows again later.',
  },
  deadline_exceeded: { what: 'The time was over', mend: 'Nothing was sent. Import these rows again.' },
  isolation_budget_exhausted: {
    what: 'Too many refusals at once',
    mend: 'Which rows the provider refused was not looked for any further. Mend the others, then import these again.',
  },
  store_unavailable: { what: 'The gateway lost its store', mend: 'Nothing was sent. Import these rows again later.' },
  suppressions_unavailable: {
    what: 'Nobody could look whether the person opted out',
    mend: 'So nothing was sent. Import these rows again later.',
  },
  taken_over: {
    what: 'Another process went on with it',
    mend: 'It may have arrived. Importing it again does no harm.',
  },
  internal: { what: 'A mistake of the gateway', mend: 'It may have arrived. Tell whoever runs the gateway.' },
}
