/** What went wrong, and what to do. */
export const failures = {
  offline: {
    title: 'The gateway does not answer.',
    what: 'It may be restarting, or your network is away. Nothing that you typed is lost: try again in a moment.',
  },
  /** @param {number} status */
  unreadable: (status) => ({
    title: 'The answer could not be read.',
    what: `Something between this page and the gateway answered instead of it${status > 0 ? ` (status ${status})` : ''}. Try again in a moment; if it stays so, tell whoever runs the gateway.`,
  }),
  other: { title: 'That did not work.', what: '' },
  /** @param {string} time */
  wait: (time) => `Wait ${time}, then try again.`,
  named: 'For whoever runs the gateway, this was',
  /** Problems of which nothing more need be said. */
  speakForThemselves: new Set(['unauthorized', 'network-not-allowed', 'internal', 'overloaded', 'draining']),
  /**
   * What is wrong with what was said, by place; what is wrong with an address stands among the reasons of rows.
   * @type {Readonly<Record<string, string>>}
   */
  places: {
    unknown_column: 'A column that was named is not in the file.',
    unknown_target: 'A column cannot become what was chosen for it.',
    other_target: 'A column that was put in front is not of that field.',
    no_number: 'A column is the country of a number, and no column is that number.',
    no_such_line: 'The file has no such line.',
    unknown_encoding: 'There is no such encoding.',
    wrong_encoding: 'The file is not in that encoding.',
    unknown_country: 'There is no such country.',
    beside_default_country: 'A country and “with the country code” exclude each other.',
    one_address_required: 'An address is needed: a phone number or an e-mail address.',
    time_invalid: 'The time has to be in the past.',
    holds_address: 'Leave the address out of the text: it is kept, and the address is not to be.',
    channel_impossible: 'This address cannot be reached in that way.',
  },
  byCode: {
    unauthorized: {
      title: 'This key is not taken.',
      what: 'It may be mistyped, expired or revoked. Paste it as a whole, from cgw_ on, or ask for a new one.',
    },
    'network-not-allowed': {
      title: 'This key may not be used from here.',
      what: 'It is bound to certain networks, such as those of an office. Ask whoever runs the gateway to add yours.',
    },
    'scope-missing': {
      title: 'This key may not do that.',
      what: 'Ask whoever runs the gateway, or use another key.',
    },
    'not-found': { title: 'There is nothing here.', what: 'It was deleted, or this key may not see it.' },
    'rate-limited': { title: 'Too many requests.', what: 'This key has asked for as much as it may for the moment.' },
    'too-many-imports': {
      title: 'Too many imports at once.',
      what: 'Wait until one has ended, or cancel one.',
    },
    'too-many-suppressions': { title: 'Too many entries for today.', what: '' },
    'payload-too-large': { title: 'That is too large.', what: '' },
    'file-unreadable': {
      title: 'The file cannot be read like this.',
      what: 'Read it differently, or export it again as CSV in UTF-8.',
    },
    'unsupported-media-type': { title: 'This kind of file is not taken.', what: 'Save it as CSV or .xlsx.' },
    'validation-failed': { title: 'Something has to be changed.', what: '' },
    'store-unavailable': {
      title: 'The gateway cannot reach its store.',
      what: 'Try again in a moment: nothing is done twice.',
    },
    'idempotency-unavailable': {
      title: 'The gateway cannot reach its store.',
      what: 'Nothing was sent. Try again in a moment.',
    },
    'idempotency-in-progress': { title: 'It is still being worked on.', what: 'Try again in a moment.' },
    'import-unfinished': { title: 'The import goes on.', what: 'Cancel it first, or wait for its end.' },
    overloaded: { title: 'The gateway has too much to do.', what: 'Nothing was sent. Try again in a moment.' },
    draining: { title: 'The gateway is restarting.', what: 'Try again in a moment.' },
    'deadline-exceeded': { title: 'It took too long.', what: 'Try again.' },
    'malformed-json': { title: 'The gateway did not understand this page.', what: 'Load the page again.' },
    'malformed-request': { title: 'The gateway did not understand this page.', what: 'Load the page again.' },
    'headers-too-large': { title: 'The gateway did not understand this page.', what: 'Load the page again.' },
    'method-not-allowed': { title: 'This gateway does not do that.', what: 'Load the page again: it may be newer.' },
    'account-required': { title: 'Several accounts can do this.', what: 'One of them has to be named.' },
    'invalid-cursor': { title: 'The list has changed meanwhile.', what: 'Load the page again.' },
    'idempotency-key-missing': { title: 'The gateway did not understand this page.', what: 'Load the page again.' },
    'idempotency-key-invalid': { title: 'The gateway did not understand this page.', what: 'Load the page again.' },
    'idempotency-key-reused': {
      title: 'This was sent before, as something else.',
      what: 'Nothing was sent now. Load the page again, then try once more.',
    },
    'request-timeout': { title: 'It did not arrive in time.', what: 'Try again, on a better connection if you can.' },
    conflict: { title: 'The provider contradicts itself.', what: 'Try again in a moment.' },
    'loss-not-accepted': { title: 'Something would be lost.', what: 'So nothing was changed.' },
    'unsupported-filter': { title: 'The provider cannot search by this.', what: 'Search in another way.' },
    'contact-rejected': { title: 'The provider does not take this person like this.', what: '' },
    'operation-not-supported': { title: 'The provider cannot do this.', what: 'Look in the account there.' },
    'provider-credentials': {
      title: 'The provider does not let the gateway in.',
      what: 'Nothing was done. Tell whoever runs the gateway.',
    },
    'provider-unavailable': { title: 'The provider failed.', what: 'Try again later.' },
    'provider-unreadable': {
      title: 'The provider’s answer could not be read.',
      what: 'Tell whoever runs the gateway.',
    },
    'provider-busy': { title: 'The provider has too much to do.', what: 'Nothing was done. Try again later.' },
    'outcome-unknown': {
      title: 'The provider did not answer.',
      what: 'It may have been done all the same. Try again: nothing is done twice.',
    },
    internal: { title: 'The gateway made a mistake.', what: 'Try again; if it stays so, tell whoever runs it.' },
  },
}
