/** People: where somebody is, opting out, erasing. */
export const people = {
  title: 'Find a person',
  lead: 'See at which accounts somebody is, whether they opted out, and what to do when they ask to be left alone or forgotten.',
  leadWithoutSearch: 'This key may not look for people, but it may take down what they wish.',
  label: 'Phone number or e-mail address',
  hint: 'A phone with + and its country code. The search is noted in the audit of the gateway.',
  find: 'Find',
  goOn: 'Continue',
  asking: 'Asking every account…',
  /** @param {number} found @param {number} all */
  result: (found, all) => (found === 0 ? 'Found at no account' : `Found at ${found} of ${all} accounts`),
  notOptedOut: 'Not on the suppression list: nothing keeps this address from being contacted.',
  /** @param {string} hint @param {string} where */
  optedOut: (hint, where) => `${hint} is not to be contacted ${where}.`,
  outOf: { '*': 'at all', email: 'by e-mail', sms: 'by SMS', whatsapp: 'by WhatsApp' },
  /** @param {string} at @param {string} source */
  said: (at, source) => `said ${at}, by way of “${source}”`,
  incomplete: 'There are accounts that this key may not use: the person may be there as well.',
  statuses: {
    found: 'Found',
    not_found: 'Not there',
    not_readable: 'Nobody can know',
    failed: 'No answer this time',
  },
  created: 'Created',
  changed: 'Changed',
  active: 'Last active',
  actions: 'What the person wishes',
  optOut: 'Opt out',
  optOutMore: 'Opt out again',
  erase: 'Erase',
  channel: 'Where is the person not to be contacted any more?',
  channels: {
    '*': 'Nowhere at all',
    email: 'By e-mail',
    sms: 'By SMS',
    whatsapp: 'By WhatsApp',
  },
  reason: 'Why',
  reasons: {
    opt_out: 'Wants to hear nothing more',
    complaint: 'Complained',
    bounce: 'Could not be reached',
    manual: 'Decided here',
    erasure: 'Was erased',
  },
  note: 'Note, without the address',
  /** @param {string} text */
  optOutTitle: (text) => `Opt ${text} out`,
  optOutHint: 'It holds at every provider and for every list, from now on. The address itself is not kept.',
  optOutGo: 'Opt out',
  /** @param {string} text */
  optOutDone: (text) => `${text} is opted out.`,
  optOutDoneHint: 'Every request that begins from now on leaves this address out.',
  /** @param {string} text */
  eraseTitle: (text) => `Erase ${text}`,
  eraseLead:
    'The person is suppressed for good, deleted at every account that can be asked, and taken out of imports. You get a receipt, with what is left to do by hand.',
  reference: 'Your name of the case',
  typeAgain: 'Type the address again',
  eraseGo: 'Erase for good',
  cannotUndo: 'This cannot be undone.',
  previewStatuses: {
    pending: 'Will be asked to delete',
    not_found: 'Nobody there',
    by_hand: 'By hand',
  },
  receipt: 'Erasure',
  receiptNumber: 'Number',
  who: 'Who',
  receivedHere: 'Received',
  due: 'To be done by',
  finished: 'Completed',
  suppressedFor: 'Suppressed',
  /** @param {string} text @param {number} count */
  entries: (text, count) => `for good, ${text} ${count === 1 ? 'entry' : 'entries'}`,
  inImports: 'In imports',
  /** @param {string} text @param {number} count */
  rowsErased: (text, count) =>
    count === 0 ? 'no rows of this person were there' : `${text} ${count === 1 ? 'row' : 'rows'} taken out`,
  rowsPending: 'being gone through',
  heldUntil: 'Copies that no search finds are gone by',
  atAccounts: 'At each account',
  erasureStatuses: {
    running: 'In progress',
    needs_person: 'Needs you',
    completed: 'Completed',
    deleted: 'Deleted',
    not_found: 'Nobody there',
    by_hand: 'To do by hand',
    pending: 'In progress',
    failed: 'Given up',
    done_by_hand: 'Done by hand',
  },
  erasureLeads: {
    running: 'The accounts are being asked. You may close this page: its address stays good.',
    needs_person: 'Something is left that only a person can do. Say here when it is done.',
    completed: 'Everything is done. This page is the receipt.',
  },
  /** @param {string} text @param {number} count */
  attempts: (text, count) => (count === 1 ? 'asked once' : `asked ${text} times`),
  /** @param {string} by */
  doneBy: (by) => `done by ${by}`,
  /** @param {string} account */
  byHandTitle: (account) => `Done by hand at ${account}`,
  by: 'Your name',
  isDone: 'It is done',
  retry: 'Try again',
  addressesKept: 'The address is shown until everything is done; then it is forgotten here too.',
  addressesGone: 'The address itself is no longer kept here.',
  print: 'Print',
  another: 'Another person',
}
