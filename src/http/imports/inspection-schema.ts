import { Type } from 'typebox'
import { oneOf } from '../openapi/one-of.ts'
import { SuggestedOptionsSchema } from '../problems/problem-schema.ts'
import { delimiterSchema, warningsSchema } from './import-schema.ts'

const InspectedColumnSchema = Type.Object(
  {
    index: Type.Integer({ description: 'Its place in the file, from 0.' }),
    header: Type.String({ description: 'Its name, as it stands in the file.' }),
    field: Type.Union([Type.String(), Type.Null()], {
      description:
        'What an import takes it for: a field of the contact, attributes.<name>, phone.countryCode or whatsapp.countryCode; null: it is not imported.',
    }),
    confidence: Type.Number({
      minimum: 0,
      maximum: 1,
      description:
        'How sure that is: 1 where the mapping or our own name says it, 0.9 for a name that is listed, 0.8 for known words, 0.6 for a name that may be it, 0.5 for a proposal, 0 where nothing is known.',
    }),
    proposal: Type.Optional(
      oneOf(['email', 'phone'], 'What its cells look like where no name tells; an import does not take it for that.'),
    ),
    place: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'Of several columns of one field: as which it counts. Of each row the first that is not empty does.',
      }),
    ),
    samples: Type.Immutable(
      Type.Array(Type.String(), {
        maxItems: 3,
        description: 'Its first three cells that are not empty, cut to 200 characters.',
      }),
    ),
  },
  { title: 'InspectedColumn', description: 'A column of a file.' },
)

/** What a file is taken for. */
export const InspectionSchema = Type.Object(
  {
    encoding: Type.Union([Type.String(), Type.Null()], {
      description:
        'What it is read in, by its name in the Encoding Standard, in lower case; null: it is an Excel workbook.',
    }),
    delimiter: Type.Union([delimiterSchema('Between cells.'), Type.Null()], {
      description: 'What stands between cells; null: it is an Excel workbook.',
    }),
    headerRow: Type.Integer({
      description:
        'The line on which the header begins, as an editor counts lines, from 1; of a workbook: the row of the sheet.',
    }),
    columns: Type.Immutable(
      Type.Array(InspectedColumnSchema, { description: 'The columns, in the order of the file.' }),
    ),
    rowsSeen: Type.Integer({ description: 'Rows that were looked at, without the header.' }),
    complete: Type.Boolean({
      description:
        'Whether that are all rows of the file; else it goes on, or may, and a row that is cut at the end is left out.',
    }),
    ...warningsSchema,
    refusal: Type.Optional(
      Type.Object(
        {
          code: Type.String({ description: 'The code of the problem that the import would be answered with.' }),
          detail: Type.String({ description: 'Why, and how to mend it.' }),
          suggests: Type.Optional(SuggestedOptionsSchema),
        },
        {
          description:
            'Why an import with these options would be refused: no column reaches people, several are one field and nothing tells which one counts, or too many are attributes. Absent: nothing that was looked at keeps it from beginning.',
        },
      ),
    ),
  },
  { title: 'Inspection', description: 'What an import would take a file for.' },
)
