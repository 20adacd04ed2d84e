import { type TObject, Type } from 'typebox'
import type { Adapter } from '../providers/adapter-port.ts'
import { registry } from '../providers/registry.ts'
import { ClientSchema } from './client-schema.ts'
import type { SchemaView } from './describe-schema.ts'
import { AccountSchema, DocumentSchema, idPattern, ListSchema } from './schema.ts'
import { targetSchema } from './targets.ts'

/** JSON Schema as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/**
 * The JSON Schema (2020-12) of the configuration file, for editors: made of the schemas that the gateway reads it by. What
 * depends on other parts of the file, and what stands in secrets, only `config check` can tell.
 */
export function configurationSchema(adapters: Iterable<Adapter> = registry.values()): JsonSchema {
  const known = [...adapters]
  const { accounts: _, lists: __, clients: ___, ...sections } = DocumentSchema.properties
  const targets = {
    type: 'array',
    minItems: 1,
    items: { anyOf: known.map((adapter) => toJsonSchema(targetSchema(adapter) as SchemaView)) },
  }
  const { targets: ____, ...ofList } = ListSchema.properties
  const list = objectOf(Type.Object(ofList), { targets })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of contact-gateway',
    ...objectOf(Type.Object(sections), {
      accounts: entriesOf({ anyOf: known.map(accountSchema) }),
      lists: entriesOf(list),
      clients: entriesOf(toJsonSchema(ClientSchema)),
    }),
    required: ['accounts', 'clients'],
  }
}

function entriesOf(entry: JsonSchema): JsonSchema {
  return { type: 'object', patternProperties: { [idPattern.source]: entry }, additionalProperties: false }
}

function accountSchema({ id, settings, credentials, target, listMember, readOptOut }: Adapter): JsonSchema {
  const { provider: _, credentials: __, defaultList: ___, callbacks, ...common } = AccountSchema.properties
  const ofCallbacks = readOptOut === undefined ? {} : { callbacks }
  const defaultList = listMember === undefined ? undefined : target.properties[listMember]
  return objectOf(Type.Object({ ...common, ...ofCallbacks, ...settings.properties }), {
    provider: { const: id },
    credentials: toJsonSchema(credentials),
    ...(defaultList !== undefined && { defaultList: toJsonSchema(defaultList) }),
  })
}

/** The members of a schema, and others that are made already; these are required but for `defaultList`. */
function objectOf(schema: TObject, others: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const {
    properties = {},
    required = [],
    ...rest
  } = toJsonSchema(schema as SchemaView) as {
    readonly properties?: JsonSchema
    readonly required?: readonly string[]
  }
  const needed = Object.keys(others).filter((name) => name !== 'defaultList')
  return { ...rest, properties: { ...properties, ...others }, required: [...required, ...needed] }
}

/** Standard keywords alone; what has a default need not be there, and what has no name here is refused. */
function toJsonSchema(schema: SchemaView): JsonSchema {
  const {
    expects,
    readApart: _,
    secretKeys: __,
    properties,
    patternProperties,
    items,
    anyOf,
    required,
    ...rest
  } = schema
  const description = rest.description ?? (expects === undefined ? undefined : `Must be ${expects}.`)
  const isObject = properties !== undefined || patternProperties !== undefined
  const needed = required?.filter((name) => properties?.[name]?.default === undefined) ?? []
  const plain: JsonSchema = {
    ...rest,
    ...(description !== undefined && { description }),
    ...(properties !== undefined && { properties: mapMembers(properties) }),
    ...(patternProperties !== undefined && { patternProperties: mapMembers(patternProperties) }),
    ...(isObject && { additionalProperties: false }),
    ...(needed.length > 0 && { required: needed }),
    ...(items !== undefined && { items: toJsonSchema(items) }),
    ...(anyOf !== undefined && { anyOf: anyOf.map(toJsonSchema) }),
  }
  return mayBeReference(schema) ? orReference(plain) : plain
}

function mapMembers(members: Readonly<Record<string, SchemaView>>): JsonSchema {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, toJsonSchema(member)]))
}

/** Texts of a certain form may be written as `${X}` too: what X holds is checked by the gateway. */
function mayBeReference(schema: SchemaView & { readonly format?: string }): boolean {
  const isText = schema.type === 'string' || schema.enum?.every((value) => typeof value === 'string') === true
  return isText && [schema.pattern, schema.enum, schema.format, schema.minLength].some((limit) => limit !== undefined)
}

function orReference(schema: JsonSchema): JsonSchema {
  const { description, default: preset, ...form } = schema
  return {
    ...(description !== undefined && { description }),
    ...(preset !== undefined && { default: preset }),
    anyOf: [form, { type: 'string', pattern: '\\$\\{[^}]+\\}' }],
  }
}
