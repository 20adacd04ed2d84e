import { losses, notes } from './codes.js'
import { codes } from './rows.js'

const skipReasons = {
  duplicateInFile: 'an earlier row is the same person',
  suppressed: 'the person does not want to be contacted',
  alreadyThere: 'the person is there already',
  notForThisTarget: 'the account is for other people',
  otherAccount: 'the row is for other accounts',
  validateOnly: 'only checked',
}

/** The import of a file. */
export const imports = {
  title: 'Import a file',
  lead: 'Add the people of a spreadsheet to a list. You see what would happen before anything is sent.',
  noLists: 'This key may use no list. Ask whoever runs the gateway to add one.',
  way: 'Steps of an import',
  steps: ['File', 'Columns', 'Check', 'Send'],
  list: 'List',
  /** @param {string} title */
  theList: (title) => `The people go to the list “${title}”.`,
  /** @param {string} title */
  into: (title) => `to the list “${title}”`,
  drop: 'Drop a file here, or',
  choose: 'choose one',
  /** @param {string} most */
  kinds: (most) => `CSV or Excel (.xlsx, its first sheet), at most ${most}`,
  nothingYet: 'Nothing is sent yet: you will see what the gateway found, and check it first.',
  oneFile: 'Drop one file at a time.',
  /** @param {string} name */
  emptyFile: (name) => `“${name}” is empty. Export it again.`,
  /** @param {string} name @param {string} size @param {string} most */
  tooLarge: (name, size, most) =>
    `“${name}” has ${size}, and ${most} is the most that is taken. Divide it into smaller files.`,
  earlier: 'Imports so far',
  when: 'Started',
  rows: 'Rows',
  state: 'State',
  statuses: {
    queued: 'Waiting',
    running: 'Running',
    completed: 'Done',
    completed_with_errors: 'Done, with bad rows',
    failed: 'Failed',
    canceled: 'Cancelled',
  },
  reading: {
    workbook: 'Excel workbook',
    /** @param {string} encoding @param {string} delimiter */
    text: (encoding, delimiter) => `CSV, ${encoding.toUpperCase()}, ${delimiter}`,
    /** @param {string} line */
    header: (line) => `Column names in line ${line}`,
    /** @param {string} rows @param {boolean} isAll */
    rows: (rows, isAll) => (isAll ? `${rows} rows` : `the first ${rows} rows looked at`),
    notRead: 'The file could not be read yet.',
    change: 'Read the file differently',
    byItself: 'Found by itself',
    encoding: 'Encoding',
    delimiter: 'Between cells',
    headerRow: 'Line with the column names',
    delimiters: /** @type {Readonly<Record<string, string>>} */ ({
      ',': 'commas between cells',
      ';': 'semicolons between cells',
      '\t': 'tabs between cells',
      '|': 'bars between cells',
    }),
    encodings: /** @type {Readonly<Record<string, string>>} */ ({
      'windows-1252': 'Western European (Windows)',
      'iso-8859-15': 'Western European (ISO)',
      'windows-1250': 'Central European',
      'windows-1251': 'Cyrillic',
      'windows-1253': 'Greek',
      'windows-1254': 'Turkish',
      macintosh: 'Western European (Mac)',
      gb18030: 'Chinese, simplified',
      big5: 'Chinese, traditional',
      shift_jis: 'Japanese',
      'euc-kr': 'Korean',
      'koi8-r': 'Russian (KOI8-R)',
    }),
  },
  columns: {
    title: 'What is in the columns?',
    looking: 'Looking at the file…',
    /** @param {string} taken @param {string} all */
    heading: (taken, all) => `${taken} of ${all} columns are imported`,
    inFile: 'Column in your file',
    samples: 'For example',
    becomes: 'Becomes',
    ignore: 'Not imported',
    attribute: 'Further detail…',
    attributeName: 'Name of the detail',
    wrongAttribute: 'Begin with a letter; then letters, digits and _ only.',
    empty: 'empty in the rows looked at',
    /** @param {string} n */
    nameless: (n) => `Column ${n}, without a name`,
    /** @param {string} place @param {string} of */
    place: (place, of) => `Counts as number ${place} of ${of}: the first that is not empty is taken.`,
    countFirst: 'Count first',
    /** @param {string} name */
    countFirstNamed: (name) => `Count first: ${name}`,
    /** @param {string} field */
    proposal: (field) => `Seems to hold: ${field}.`,
    takeIt: 'Take it so',
    pleaseCheck: 'Please check this one.',
    remembered: 'The columns are as you chose them for a file like this before.',
    forget: 'Take what the gateway found instead',
    noWay:
      'No column is an e-mail address, a phone or a WhatsApp number, so nobody could be reached. Say above which one is.',
    go: 'Check the file',
    otherFile: 'Another file',
    /** @param {string} rows @param {boolean} isAll */
    nothingSent: (rows, isAll) =>
      rows === ''
        ? 'Nothing has been sent.'
        : `Nothing has been sent. ${isAll ? `All ${rows} rows` : 'The whole file'} will be checked next.`,
    /** @param {string} line */
    useHeaderRow: (line) => `Take line ${line} for the column names`,
    /** @param {string} encoding */
    useEncoding: (encoding) => `Read it in ${encoding}`,
    /** @param {string} count */
    notes: (count) => `What to know of this file (${count})`,
    /** @param {string} count */
    moreNotes: (count) => `And ${count} more.`,
    fields: {
      email: 'E-mail address',
      phone: 'Phone number',
      whatsapp: 'WhatsApp number',
      name: 'Whole name',
      firstName: 'First name',
      lastName: 'Last name',
      tags: 'Tags',
      ref: 'Your own reference',
      'phone.countryCode': 'Country of the phone number',
      'whatsapp.countryCode': 'Country of the WhatsApp number',
    },
  },
  options: {
    numbers: 'How are phone numbers written?',
    plus: 'With + and the country code',
    plusHint: '+33 6 12 34 56 78. Others are shown as bad rows.',
    national: 'As they are dialled within one country',
    nationalHint: '06 12 34 56 78. Numbers with + stay as they are.',
    international: 'With the country code, but without +',
    internationalHint: '33612345678',
    country: 'Country',
    chooseCountry: 'Choose a country…',
    conflict: 'And people who are there already?',
    update: 'Update them with what the file says',
    skip: 'Leave them as they are, where the provider can do that',
  },
  check: {
    title: 'What would happen',
    uploading: 'Sending the file to the gateway',
    /** @param {string} done @param {string} rows */
    checking: (done, rows) => `${done} of ${rows} rows checked`,
    nothingSent: 'The rows are only checked. Nobody is added yet.',
    /** @param {string} rows @param {number} _count of those that are meant */
    ofRows: (rows, _count) => `of ${rows} ${rows === '1' ? 'row' : 'rows'}`,
    /** @param {string} rows @param {number} _count */
    gotIn: (rows, _count) => `of ${rows} ${rows === '1' ? 'row' : 'rows'} got in`,
    /** @param {string} rows @param {number} _count */
    wouldGetIn: (rows, _count) => `of ${rows} ${rows === '1' ? 'row' : 'rows'} would get in`,
    /** @param {string} text @param {number} count */
    getIn: (text, count) => `${text} ${count === 1 ? 'gets' : 'get'} in`,
    /** @param {string} text @param {number} count */
    bad: (text, count) => `${text} ${count === 1 ? 'does' : 'do'} not get in, see below`,
    /** @param {string} columns */
    ofColumns: (columns) => `: ${columns}`,
    /** @param {string} text @param {string} reason @param {number} count */
    skipped: (text, reason, count) =>
      `${text} ${count === 1 ? 'is' : 'are'} left out: ${/** @type {Record<string, string>} */ (skipReasons)[reason] ?? reason}`,
    lost: 'Lost on the way there',
    noLoss: 'Nothing is lost.',
    badRows: 'Rows that do not get in',
    /** @param {string} good @param {string} mended @param {number} goodCount @param {number} mendedCount */
    send: (good, mended, goodCount, mendedCount) =>
      mendedCount === 0
        ? `Send ${good} ${goodCount === 1 ? 'row' : 'rows'}`
        : `Send ${good} ${goodCount === 1 ? 'row' : 'rows'} and ${mended} mended`,
    back: 'Back to the columns',
    notSent: 'Whether it arrived is not known. Pressing again is safe: nothing is sent twice.',
    mendsNotSent: 'The file has been sent; the mended rows have not. Pressing again is safe: nothing is sent twice.',
    nothingGetsIn: 'No row would get in. Mend the rows above, or go back to the columns.',
    /** @param {boolean} some @returns {string} */
    badStay: (some) =>
      some
        ? 'The mended rows go up after the file, to the accounts that lack them. Rows that you have not mended stay out; you can mend them later too.'
        : 'Rows that are bad stay out; you can mend them afterwards too.',
  },
  skipReasons,
  losses,
  codes,
  notes,
  bad: {
    title: 'Rows that did not get in',
    row: 'Row',
    why: 'Why',
    empty: 'empty',
    isMended: 'Mended, not checked yet',
    /** @param {string} text @param {number} count */
    atLeast: (text, count) => `at least ${text} ${count === 1 ? 'row' : 'rows'}`,
    /** @param {string} text @param {number} count */
    ofRows: (text, count) => `${text} ${count === 1 ? 'row' : 'rows'}`,
    checkMended: 'Check what you mended',
    checkingMended: 'Checking…',
    getsIn: 'Gets in now',
    stillBad: 'Still not right',
    hint: 'The marked cell is the reason.',
    mendHint: 'The marked cell is the reason. Mend it where it stands.',
    /** @param {string} count */
    onlyFirst: (count) =>
      `These are the first ${count}; all of them stand in errors.csv, to mend in a spreadsheet and import like any file.`,
    /** @param {string} text @param {number} count */
    mended: (text, count) => (count === 1 ? 'One row is mended.' : `${text} rows are mended.`),
    /** @param {string} column @param {string} row */
    cell: (column, row) => `${column}, row ${row}`,
    download: 'Download errors.csv',
    /** @param {string} text @param {number} count */
    sendMended: (text, count) =>
      count === 0 ? 'Mend a row to import it again' : `Import ${text} mended ${count === 1 ? 'row' : 'rows'}`,
    someMended:
      'Rows that you mended before sending are listed here as well: they did not get in with this file, but go in with the mended ones.',
  },
  watch: {
    title: 'Import in progress',
    ended: 'Import finished',
    /** @param {string} rows @param {string} list @param {string} at @param {number} count */
    what: (rows, list, at, count) => `${rows} ${count === 1 ? 'row' : 'rows'} to the list “${list}”, started ${at}`,
    outcome: 'What became of the rows',
    mayClose: 'You may close this page: the import goes on, and stands under “Imports so far”.',
    queued: 'Waiting for its turn',
    /** @param {string} done @param {string} rows */
    done: (done, rows) => `${done} of ${rows} rows done`,
    begins: 'It begins…',
    /** @param {string} rows */
    rate: (rows) => `${rows} rows a second`,
    /** @param {string} time */
    left: (time) => `about ${time} left`,
    cancel: 'Cancel the import',
    canceling: 'Cancelling…',
    cancelHint: 'What was sent stays sent.',
    lost: 'The gateway does not answer just now.',
    goesOn: 'This page tries again by itself. The import does not need it.',
    mended: 'Your mended rows go in as an import of their own.',
    lookAtMended: 'Look at it',
    toStart: 'Back to the imports',
    allIn: 'All done.',
    allInHint: 'No row was refused.',
    canceled: 'It was cancelled. What was sent before stays sent.',
    another: 'Import another file',
    nothingYet: 'Nothing yet',
  },
  /** After a count, which languages other than this one need to know. */
  outcomes: {
    created: (/** @type {number} */ _count) => 'created',
    updated: (/** @type {number} */ _count) => 'updated',
    accepted: (/** @type {number} */ _count) => 'accepted',
    skipped: (/** @type {number} */ _count) => 'left out',
    unknown: (/** @type {number} */ _count) => 'unknown',
    failed: (/** @type {number} */ _count) => 'failed',
    rejected: (/** @type {number} */ _count) => 'refused',
    pending: (/** @type {number} */ _count) => 'still to come',
    notSent: (/** @type {number} */ _count) => 'not sent',
  },
  outcomeHints: /** @type {Readonly<Record<string, string>>} */ ({
    accepted: 'The provider took them, and does not say whether they were new.',
    unknown: 'They may have arrived; no usable answer came.',
    failed: 'Certainly not there. Import them again.',
  }),
}
