/** The largest batch that can be configured. */
const longestArray = 100_000
const largestInteger = 2_147_483_647

type Schema = Record<string, unknown>

/**
 * States the limits of everything in an answer that has none of its own: readers and generated clients learn how much can
 * come. Request schemas are left alone; a limit there is one that is checked.
 */
export function limitAnswers(paths: object): void {
  for (const operations of Object.values(paths))
    for (const { responses = {} } of Object.values(operations as Record<string, { responses?: object }>))
      limitSchemas(responses)
}

/** The same of everything in this value. */
export function limitSchemas(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) state(value as Schema)
  for (const [name, member] of Object.entries(value))
    if (name !== 'examples' && name !== 'example') limitSchemas(member)
}

function state(schema: Schema): void {
  if (schema.type === 'array') schema.maxItems ??= longestArray
  else if (schema.type === 'integer') {
    schema.format ??= 'int32'
    schema.minimum ??= 0
    schema.maximum ??= largestInteger
  }
}
