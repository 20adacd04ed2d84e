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
    'file-unreadable': { title: 'The file cannot be read like this.', what: '' },
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
    internal: { title: 'The gateway made a mistake.', what: 'Try again; if it stays so, tell whoever runs it.' },
  },
}
