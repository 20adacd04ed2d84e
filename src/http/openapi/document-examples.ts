/** Names from the configuration that examples use, so that they succeed as they stand. */
export type ExampleValues = {
  readonly listId: string
  /** An account that can do the operation of this name, and the id of a contact there. */
  placeFor(operationId: string): { readonly account: string; readonly contactId: string } | undefined
}

type Parameter = { readonly name?: string; readonly in?: string; example?: unknown }
type Media = { example?: unknown }
type Operation = {
  readonly operationId?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content?: Readonly<Record<string, Media>> }
  readonly responses?: Record<string, { links?: object }>
}

const jane = { name: 'Jane Smith', email: 'jane@example.com', phone: '+919876543210' }

const bodies: Readonly<Record<string, unknown>> = {
  addContactsToList: { contacts: [{ ref: 'crm-17', ...jane, tags: ['vip'], attributes: { title: 'Ms' } }] },
  createContact: jane,
  updateContact: { name: 'Jane Miller' },
}

const file = 'name,email,phone\nJane Smith,jane@example.com,+919876543210\nRavi Kumar,ravi@example.com,+919876543211\n'

/** The operations that take the id of an answer. */
const followers: Readonly<Record<string, readonly string[]>> = {
  startImport: ['getImport', 'watchImport', 'getImportErrors', 'getImportErrorsCsv', 'cancelImport'],
}

/** Gives every operation examples of its parameters and body, and says which answers lead to which operations. */
export function describeExamples(paths: object, values: ExampleValues | undefined): void {
  for (const operations of Object.values(paths))
    for (const operation of Object.values(operations as Record<string, Operation>)) {
      const { operationId = '', parameters = [], requestBody, responses = {} } = operation
      const media = requestBody?.content?.['application/json']
      if (media !== undefined && bodies[operationId] !== undefined) media.example = bodies[operationId]
      const upload = requestBody?.content?.['multipart/form-data']
      if (upload !== undefined) upload.example = { file, options: { onConflict: 'update' } }
      if (values !== undefined) fillParameters(parameters, operationId, values)
      const links = followers[operationId]?.map((follower) => [
        follower,
        { operationId: follower, parameters: { importId: '$response.body#/id' } },
      ])
      if (links !== undefined && responses['202'] !== undefined) responses['202'].links = Object.fromEntries(links)
    }
}

function fillParameters(parameters: readonly Parameter[], operationId: string, values: ExampleValues): void {
  const place = values.placeFor(operationId)
  const examples: Readonly<Record<string, string | undefined>> = { listId: values.listId, ...place }
  for (const parameter of parameters) {
    const example = examples[parameter.name ?? '']
    if (example !== undefined) parameter.example = example
  }
}
