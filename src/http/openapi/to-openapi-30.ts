type Node = Record<string, unknown>

/** The same document in OpenAPI 3.0, for tools that do not read 3.1. */
export function toOpenapi30(document: object): object {
  const { openapi: _, info, jsonSchemaDialect: __, webhooks: ___, ...rest } = document as Node
  const { license, ...about } = info as { license?: { name: string } }
  return {
    openapi: '3.0.3',
    info: { ...about, ...(license !== undefined && { license: { name: license.name } }) },
    ...(convert(rest) as Node),
  }
}

/** Values that are no schemas: they stay as they are. */
const values: ReadonlySet<string> = new Set(['example', 'default', 'enum'])

function convert(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(convert)
  const copy: Node = {}
  for (const [name, member] of Object.entries(value)) copy[name] = values.has(name) ? member : convert(member)
  return asSchema30(copy)
}

/** Schemas are told from other objects by the keywords that 3.0 does not have. */
function asSchema30(node: Node): Node {
  const { anyOf, examples, const: only, ...rest } = node
  const made: Node = { ...rest }
  if (rest.properties !== undefined && rest.type === undefined) made.type = 'object'
  if (only !== undefined) made.enum = [only]
  if (Array.isArray(examples)) made.example = examples[0]
  else if (examples !== undefined) made.examples = examples
  if (!Array.isArray(anyOf)) return anyOf === undefined ? made : { ...made, anyOf }
  const branches = (anyOf as Node[]).filter(({ type }) => type !== 'null')
  const isNullable = branches.length < anyOf.length
  const [first] = branches
  if (branches.length === 1 && isNullable && first !== undefined && first.$ref === undefined)
    return { ...first, ...made, nullable: true }
  return { ...made, anyOf: branches, ...(isNullable && { nullable: true }) }
}
