import { type TInteger, type TOptional, Type } from 'typebox'
import { outcomeStatuses } from '../../domain/outcome.ts'
import { importStatuses, type SkipReason, skipReasons } from '../../services/import-store-port.ts'
import { defaultCountrySchema, numbersSchema, onConflictSchema } from '../contacts/contact-schema.ts'
import { oneOf } from '../openapi/one-of.ts'
import { SuggestedOptionsSchema } from '../problems/problem-schema.ts'

/** What may separate cells. */
export const delimiterSchema = (description: string) =>
  oneOf([',', ';', '\t', '|'], description, 'Delimiter', ['comma', 'semicolon', 'tab', 'bar'])

/** The part `options` of an upload. */
export const ImportOptionsSchema = Type.Object(
  {
    mapping: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String({ maxLength: 100 }), Type.Null()]), {
        maxProperties: 500,
        propertyNames: { maxLength: 200 },
        description:
          'By column name, of 200 characters at most: a field of the contact, attributes.<name>, phone.countryCode or whatsapp.countryCode (of which country the number is: IN, 91, +91 or 0091), or null for a column that is not wanted. Several columns may become one field: of each row the first that is not empty counts.',
        examples: [{ Mobile: 'phone', Plan: 'attributes.plan', Notes: null }],
      }),
    ),
    order: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 100, uniqueItems: true }),
        {
          maxProperties: 100,
          propertyNames: { maxLength: 100 },
          description:
            'By field: the columns that become it, the one that counts first in front. Those that are not named come behind, in the order of the file.',
          examples: [{ phone: ['Mobile', 'Phone'] }],
        },
      ),
    ),
    defaultCountry: Type.Optional(defaultCountrySchema),
    numbers: Type.Optional(numbersSchema),
    onConflict: Type.Optional(onConflictSchema),
    delimiter: Type.Optional(delimiterSchema('Between cells; found by itself when it is not given.')),
    encoding: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 50,
        description:
          'In which the file is written: a label of the Encoding Standard, in any case. Without it UTF-8, or UTF-16 where the file begins with its byte order mark; others are never guessed, only named in the refusal.',
        examples: ['windows-1252', 'iso-8859-15', 'macintosh', 'shift_jis'],
      }),
    ),
    headerRow: Type.Optional(
      Type.Integer({
        format: 'int32',
        minimum: 1,
        maximum: 1000,
        description:
          'On which line of the file the header begins, as an editor counts lines, from 1; what stands above it is left out.',
        examples: [4],
      }),
    ),
    tagSeparator: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 10,
        description:
          'Between the tags of a cell. Without it a cell is split at ` ::: ` (Google), else at commas, else at semicolons and bars. A tag that holds the separator stands in quotes, as in CSV.',
        examples: ['/'],
      }),
    ),
    emptyCells: Type.Optional(
      Type.Array(Type.String({ maxLength: 100 }), {
        maxItems: 50,
        uniqueItems: true,
        description:
          'What cells say, in exactly these spellings, when they have no value; an empty list: nothing. Without it: `N/A`, `#N/A`, `-`, `\\N`, and `NULL` but in names.',
        examples: [['n/a', 'none']],
      }),
    ),
  },
  {
    title: 'ImportOptions',
    additionalProperties: false,
    description: 'How the file is to be read.',
    // A mapping in it would have to fit the file.
    examples: [{ onConflict: 'update' }],
  },
)

const count = (description: string) => Type.Integer({ minimum: 0, description })

const CountsSchema = Type.Object(
  {
    pending: count('Rows that are still to be sent.'),
    ...(Object.fromEntries(outcomeStatuses.map((status) => [status, count(`Rows that are ${status}.`)])) as Record<
      (typeof outcomeStatuses)[number],
      ReturnType<typeof count>
    >),
  },
  { title: 'ImportCounts', description: 'Rows by state; they add up to the rows of the file.' },
)

const skipReason: Readonly<Record<SkipReason, string>> = {
  duplicateInFile: 'An earlier row of the file is the same person there.',
  alreadyThere: 'The contact is there already, and onConflict is skip.',
  suppressed: 'The person is on the suppression list, for a channel that the account needs, or was erased.',
  notForThisTarget: 'The target is for other contacts.',
  otherAccount: 'The row is for other accounts, as an error report says that is uploaded again.',
  validateOnly: 'Nothing was to be sent.',
}

const SkipReasonsSchema = Type.Object(
  Object.fromEntries(
    skipReasons.map((reason) => [reason, Type.Optional(Type.Integer({ minimum: 1, description: skipReason[reason] }))]),
  ) as Record<SkipReason, TOptional<TInteger>>,
  { title: 'SkipReasons', description: 'Rows that were skipped, by reason.' },
)

const codeCounts = (description: string, example: Record<string, Record<string, number>>) =>
  Type.Record(
    Type.String(),
    Type.Record(Type.String(), Type.Integer({ minimum: 1, description: 'How often.' }), {
      description: 'By code, as outcomes have them.',
    }),
    { description, examples: [example] },
  )

/** What is to be known of a file as a whole; a member of whatever tells of one. */
export const warningsSchema = {
  warnings: Type.Array(
    Type.Object(
      {
        code: Type.String({ description: 'What is to be known, as a word.' }),
        column: Type.String({ description: 'The column; empty for the file as a whole.' }),
        accounts: Type.Optional(
          Type.Immutable(
            Type.Array(Type.String(), { description: 'The accounts where it is so; absent: everywhere.' }),
          ),
        ),
        detail: Type.String({ description: 'What happened.' }),
        suggests: Type.Optional(SuggestedOptionsSchema),
      },
      { description: 'Something about the file as a whole.' },
    ),
    {
      description:
        'Columns that are not imported, not sent to some accounts, not as their names say, or several of one field; cells that do not count; texts that seem to have been read in a wrong encoding; and how an Excel workbook was read. The first 20.',
    },
  ),
  moreWarnings: Type.Optional(Type.Integer({ minimum: 1, description: 'How many more warnings there are.' })),
}

export const importStatusSchema = oneOf(
  importStatuses,
  'completed_with_errors: some rows are rejected, failed or unknown somewhere.',
  'ImportStatus',
)

export const ImportSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'Name of the import in paths.' }),
    listId: Type.String({ description: 'The list that the rows go to.' }),
    client: Type.String({ description: 'The client that started it.' }),
    status: importStatusSchema,
    validateOnly: Type.Boolean({ description: 'Rows are checked and not sent.' }),
    options: ImportOptionsSchema,
    rows: Type.Integer({ description: 'Rows of the file, without the header.' }),
    progress: Type.Record(Type.String(), CountsSchema, { description: 'By account.' }),
    losses: codeCounts(
      'What rows lost or had left open on their way to an account, or would lose with validateOnly, so far: every warning that their outcomes as JSON would have, but value_normalized. Accounts without any are left out.',
      { 'mail-main': { tag_dropped: 412 } },
    ),
    skippedBecause: Type.Record(Type.String(), SkipReasonsSchema, {
      description: 'By account, why rows were skipped: one reason each, so that they add up to those that were.',
      examples: [{ 'sms-fr': { duplicateInFile: 3 } }],
    }),
    ...warningsSchema,
    createdAt: Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' }),
    startedAt: Type.Optional(Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' })),
    finishedAt: Type.Optional(Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' })),
    etaSeconds: Type.Optional(Type.Integer({ description: 'Seconds to the end, by the pace so far; while it runs.' })),
  },
  { title: 'Import', description: 'A file on its way to a list.' },
)

/** An import in a list of many. */
export const ListedImportSchema = Type.Object(
  {
    ...Type.Omit(ImportSchema, ['options', 'warnings', 'moreWarnings']).properties,
    options: Type.Object(Type.Omit(ImportOptionsSchema, ['mapping', 'order']).properties, {
      description: 'How the file was read, but for its mapping and order.',
    }),
  },
  {
    title: 'ListedImport',
    description: 'An import in a list; `GET /imports/{importId}` has its mapping, order and warnings.',
  },
)

export const ImportErrorSchema = Type.Object(
  {
    row: Type.Integer({ description: 'Row of the file, from 1, without the header.' }),
    line: Type.Integer({ description: 'Line of the file on which the row begins; of a workbook: row of the sheet.' }),
    column: Type.String({ description: 'The column that is to blame; empty when no single one is.' }),
    value: Type.String({ description: 'Its cell, cut to 200 characters.' }),
    account: Type.Optional(Type.String({ description: 'The account.' })),
    status: oneOf(outcomeStatuses, 'What became of the row at the account.', 'OutcomeStatus'),
    code: Type.String({ description: 'Why, as a stable word.' }),
    detail: Type.String({ description: 'Why, and how to mend it.' }),
  },
  { title: 'ImportError', description: 'A row that did not get in, or was passed over, at one account.' },
)

export const importIdParams = Type.Object({
  importId: Type.String({ maxLength: 200, description: 'An import of this client.' }),
})
