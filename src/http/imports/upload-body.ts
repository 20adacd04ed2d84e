import { type Static, Type } from 'typebox'
import { validatorCompiler } from '../problems/validation.ts'
import { ImportOptionsSchema } from './import-schema.ts'

/**
 * Without `type`, so that a validator that does not read the JSON of a form's part (Prism does not) lets its text pass;
 * generators take it for the object that it is.
 */
const {
  type: _,
  title: __,
  ...optionsOfForm
}: { readonly type?: unknown; readonly title?: unknown } = ImportOptionsSchema

/** The form of an upload, for the document alone. */
export const uploadBody = Type.Object(
  {
    file: Type.String({
      format: 'binary',
      description:
        'The CSV file in UTF-8, UTF-16 with a byte order mark, or as encoding says, or the Excel workbook (.xlsx); with a header. What it is its bytes say, not its name.',
    }),
    options: Type.Optional(Type.Unsafe<Static<typeof ImportOptionsSchema>>(optionsOfForm)),
  },
  { title: 'Upload', description: 'A file and, if need be, how it is to be read; in any order.' },
)

/** The body is read part by part: it is described in the schema, and checked where it is read. */
export const uncheckedBody: typeof validatorCompiler = (part) =>
  part.httpPart === 'body' ? () => true : validatorCompiler(part)

export const exampleFile =
  'name,email,phone\nJane Smith,jane@example.com,+919876543210\nRavi Kumar,ravi@example.com,+919876543211\n'

/** What can be wrong with an upload, and with the file in it. */
export const uploadProblems = [
  'malformed-json',
  'malformed-request',
  'payload-too-large',
  'unsupported-media-type',
  'validation-failed',
  'file-unreadable',
  'too-many-imports',
  'store-unavailable',
] as const
