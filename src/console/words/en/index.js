import { failures } from './failures.js'
import { imports } from './imports.js'
import { people } from './people.js'
import { status } from './status.js'

/** All that is said on these pages, in English. Another language has the same members. */
export const en = {
  again: 'Try again',
  cancel: 'Cancel',
  back: 'Back',
  close: 'Close',
  loading: 'Loading…',
  pager: {
    before: 'Previous',
    next: 'Next',
    /** @param {string} from @param {string} to @param {string} all */
    shown: (from, to, all) => `${from}–${to} of ${all}`,
  },
  reload: 'This part of the page could not be loaded: the gateway is away, or was renewed meanwhile.',
  units: {
    /** @param {string} n */
    kilobytes: (n) => `${n} KB`,
    /** @param {string} n */
    megabytes: (n) => `${n} MB`,
    /** @param {string} n */
    msText: (n) => `${n} ms`,
    /** @param {string} n */
    secondsText: (n) => `${n} s`,
    /** @param {string} n */
    minutesText: (n) => `${n} min`,
    /** @param {string} n */
    hoursText: (n) => `${n} h`,
  },
  frame: {
    skip: 'Skip to the content',
    areas: 'Areas',
    imports: 'Import',
    people: 'People',
    status: 'Status',
    language: 'Language',
    whose: 'The key belongs to this client',
    signOut: 'Sign out',
    opening: 'Opening…',
  },
  key: {
    title: 'Sign in',
    lead: 'Paste your key. It shows what you may do here.',
    label: 'Key',
    go: 'Continue',
    asking: 'Checking…',
    kept: 'The key stays in this tab, and is forgotten when you close it. You have none? Ask whoever runs the gateway.',
    again: 'Your key is no longer taken',
    stays: 'Paste a key that is valid. What you have typed and chosen is still there.',
    leave: 'Sign out, and lose it',
  },
  failures,
  imports,
  people,
  status,
}
