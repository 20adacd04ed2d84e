import { type TInteger, type TOptional, Type } from 'typebox'
import { type OutcomeStatus, outcomeStatuses } from '../../domain/outcome.ts'
import { international } from '../../domain/phone.ts'
import { ContactSchema, defaultCountrySchema, numbersSchema, onConflictSchema } from '../contacts/contact-schema.ts'
import { anyJson } from '../openapi/document-schemas.ts'
import { oneOf } from '../openapi/one-of.ts'
import { OutcomeSchema, WarningSchema } from './outcome-schema.ts'
import { WhenSchema } from './when-schema.ts'

export const ListSchema = Type.Object(
  {
    id: Type.String({ description: 'Name of the list in paths.' }),
    title: Type.String({ description: 'Title for people.' }),
    numbers: Type.Optional(
      oneOf([international], 'How numbers without + are read, unless a request says something of its own.', 'Numbers'),
    ),
    targets: Type.Array(
      Type.Object(
        {
          account: Type.String({ description: 'The account.' }),
          provider: Type.String({ description: "The account's provider." }),
          target: Type.Record(Type.String(), Type.Unknown(anyJson), {
            description: "The provider's own way to name the list.",
          }),
          when: Type.Optional(WhenSchema),
          requiredFields: Type.Array(Type.String(), {
            description: 'Fields without which a contact is rejected there.',
          }),
          droppedFields: Type.Array(Type.String(), {
            description: 'Fields that are not sent there; each is a warning.',
          }),
        },
        { description: 'The list at one account.' },
      ),
      { description: 'Where contacts of the list go.' },
    ),
  },
  { title: 'List', description: "A list of the gateway's own." },
)

/** The body of a batch; `maxContacts` is configured. */
export function batchSchema(maxContacts: number) {
  return Type.Object(
    {
      contacts: Type.Array(ContactSchema, {
        minItems: 1,
        maxItems: maxContacts,
        description: 'The contacts, in the order of the results.',
      }),
      onConflict: Type.Optional(onConflictSchema),
      defaultCountry: Type.Optional(defaultCountrySchema),
      numbers: Type.Optional(numbersSchema),
    },
    { title: 'Batch', additionalProperties: false, description: 'Contacts to add to a list.' },
  )
}

export const BatchResultSchema = Type.Object(
  {
    summary: Type.Object(
      {
        contacts: Type.Integer({ description: 'How many contacts were sent in.' }),
        outcomes: Type.Object(
          Object.fromEntries(
            outcomeStatuses.map((status) => [
              status,
              Type.Optional(Type.Integer({ description: `Outcomes that are ${status}.` })),
            ]),
          ) as Record<OutcomeStatus, TOptional<TInteger>>,
          { description: 'Outcomes by status, without zeros; they add up to contacts times targets.' },
        ),
      },
      { description: 'The counts.' },
    ),
    results: Type.Array(
      Type.Object(
        {
          index: Type.Integer({ description: 'Place in the input.' }),
          ref: Type.Optional(Type.String({ description: "The caller's own reference." })),
          outcomes: Type.Array(OutcomeSchema, { description: 'One per target of the list, in their order.' }),
          warnings: Type.Optional(
            Type.Immutable(
              Type.Array(WarningSchema, {
                description: 'What is to be known of the contact as a whole; absent: nothing.',
              }),
            ),
          ),
        },
        { description: 'What happened to one contact.' },
      ),
      { description: 'One per contact, in the order of the input.' },
    ),
    preview: Type.Optional(
      Type.Immutable(
        Type.Array(
          Type.Object(
            {
              account: Type.String({ description: 'The account.' }),
              requests: Type.Immutable(
                Type.Array(
                  Type.Object(
                    {
                      method: Type.String({ description: 'HTTP method.' }),
                      path: Type.String({ description: "Path below the account's base URL." }),
                      json: Type.Optional(Type.Unknown({ ...anyJson, description: 'JSON body.' })),
                      file: Type.Optional(
                        Type.Unknown({ ...anyJson, description: 'The one file of a multipart body.' }),
                      ),
                    },
                    { description: 'One request, without credentials.' },
                  ),
                  { description: 'The first request of each call.' },
                ),
              ),
            },
            { description: 'What would be sent to one account.' },
          ),
          { description: 'With validateOnly: what would be sent.' },
        ),
      ),
    ),
  },
  { title: 'BatchResult', description: 'What happened to each contact at each account.' },
)
