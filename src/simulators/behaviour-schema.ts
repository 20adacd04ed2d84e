import type { StepKind } from './answer-step-kinds.ts'
import { faults } from './behaviour.ts'
import { answerSteps } from './change-answer.ts'
import { isPlain, type Quirk, type QuirkTable, valuesOf } from './quirk-table.ts'
import { stepAndGroupNames } from './random-changes.ts'
import { rateLimitForms } from './rate-limit.ts'

type Schema = Record<string, unknown>

/** Stands before everything that no document of the provider says. */
const assumed = 'Assumed (no document says so).'
const pointer = { description: 'A JSON pointer, `*` for every item or member.', type: 'string', pattern: '^(/.*)?$' }

/** What `PUT /_sim/behaviour` understands, as JSON Schema with a description of every name. */
export function behaviourSchema(quirkTable: QuirkTable, operations: readonly string[]): Schema {
  const rule = ruleProperties(quirkTable, operations)
  const rules = { type: 'array', items: { type: 'object', properties: rule, additionalProperties: false } }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Behaviour of the simulator',
    description: `One rule, or several under rules: the first that matches wins. At most one of ${faults.join(', ')}.`,
    type: 'object',
    properties: { ...rule, rules },
    additionalProperties: false,
  }
}

function ruleProperties(quirkTable: QuirkTable, operations: readonly string[]): Schema {
  const operation = { type: 'string', enum: operations }
  const text = { type: 'string' }
  const whole = { type: 'integer', minimum: 0 }
  const when = { enum: ['before', 'after'] }
  const status = { type: 'integer', minimum: 200, maximum: 599 }
  const steps = { type: 'array', items: { type: 'string', enum: stepAndGroupNames } }
  const properties = { method: text, path: text, body: text }
  return {
    match: object('Only requests like this.', {
      operation: { anyOf: [operation, { type: 'array', items: operation }] },
      ...properties,
    }),
    times: { description: 'Only the next so many of them.', type: 'integer', minimum: 1 },
    latencyMs: { description: 'Wait so long first.', ...whole },
    status: { description: 'This status with the own error body; nothing is applied.', ...status },
    statusAfterApplying: { description: 'The same after the request was applied.', ...status },
    hang: { description: 'Never answer.', ...when },
    reset: { description: 'Cut the connection.', enum: ['before', 'after', 'mid-response'] },
    rateLimit: object('429.', { retryAfter: { type: ['string', 'integer'] }, as: { enum: rateLimitForms } }),
    garbage: object('Any text with any status.', { status, text, contentType: text, when }),
    redirect: object('A redirect.', { location: text, status: { enum: [301, 302, 303, 307, 308] } }),
    drip: object('The answer bit by bit.', { bytes: whole, intervalMs: whole }),
    giantBody: { description: 'A body of so many bytes.', anyOf: [whole, { const: 'endless' }] },
    answer: {
      description: `${assumed} The honest answer, changed by one step or several.`,
      ...oneOrMany(stepSchema()),
    },
    random: object(`${assumed} The honest answer, changed at random: the same for the same seed and request.`, {
      seed: { type: 'integer' },
      steps: { description: 'At most so many; default 3.', type: 'integer', minimum: 1 },
      share: {
        description: 'The share of answers that are changed; default 1.',
        type: 'number',
        minimum: 0,
        maximum: 1,
      },
      only: steps,
      except: steps,
    }),
    quirks: object('What the provider does.', mapValues(quirkTable, quirkSchema)),
  }
}

function stepSchema(): Schema {
  return { anyOf: Object.entries<StepKind>(answerSteps).map(([name, kind]) => schemaOfStep(name, kind)) }
}

function schemaOfStep(name: string, { value, at, does }: StepKind): Schema {
  const properties = { [name]: { description: `${assumed} ${does} Takes ${value[1]}.` } }
  if (at === undefined) return { ...object(undefined, properties), required: [name] }
  const required = at.without === 'refused' ? [name, 'at'] : [name]
  return { ...object(undefined, { ...properties, at: oneOrMany(pointer) }), required }
}

function quirkSchema(quirk: Quirk): Schema {
  if (isPlain(quirk))
    return { description: 'Left open by the documents, or said in two ways.', enum: quirk, default: quirk[0] }
  const description = `${assumed} ${quirk.does} At: ${quirk.operations.join(', ')}. Plays: ${quirk.plays}.`
  const values = valuesOf(quirk)
  if (values === undefined) return { description, type: 'integer', minimum: 0, default: 0 }
  return { description, enum: values, default: values[0] }
}

function object(description: string | undefined, properties: Schema): Schema {
  return { ...(description && { description }), type: 'object', properties, additionalProperties: false }
}

const oneOrMany = (items: Schema): Schema => ({ anyOf: [items, { type: 'array', items }] })

function mapValues<V>(record: Readonly<Record<string, V>>, map: (value: V) => Schema): Schema {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}
