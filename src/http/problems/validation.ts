import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { Value } from 'typebox/value'
import { bodyChecker } from '../requests/check-body.ts'
import type { SchemaError } from '../requests/list-errors.ts'
import { Problem } from './problems.ts'
import { type Checked, wrongPlaces } from './wrong-places.ts'

/** Fewer are shown; some extra ones are collected since several may be merged into one. */
Settings.Set({ maxErrors: 400 })

/** What goes wrong on the way in, by the part of the request; Fastify hands it to the error handler as it is. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest'
  readonly problem: Problem
  constructor(problem: Problem) {
    super('validation-failed')
    this.problem = problem
  }
}

type Validator = ReturnType<FastifySchemaCompiler<TSchema>>

/** By the part of the request. Routes share schemas, and HEAD has all of those of GET: half need not be compiled. */
const compiled = new Map<string | undefined, WeakMap<TSchema, Validator>>()

/** Compiles a TypeBox schema into Fastify's form of validator, each once. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const ofPart = compiled.get(httpPart) ?? new WeakMap<TSchema, Validator>()
  compiled.set(httpPart, ofPart)
  const validator = ofPart.get(schema) ?? (httpPart === 'body' ? bodyCompiler(schema) : partCompiler(schema, httpPart))
  ofPart.set(schema, validator)
  return validator
}

/**
 * Only query strings are converted to the types that the schema names, where they do not match it as they are; a body is
 * taken as it is, so that a phone number as a JSON number is refused.
 */
function partCompiler(schema: TSchema, httpPart: string | undefined): Validator {
  const validator = Compile(schema)
  return (data: unknown) => {
    if (validator.Check(data)) return { value: data }
    const value = httpPart === 'querystring' ? Value.Convert(schema, data) : data
    if (validator.Check(value)) return { value }
    return {
      error: new InvalidRequest(toProblem(validator.Errors(value) as SchemaError[], { schema, value }, httpPart)),
    }
  }
}

function bodyCompiler(schema: TSchema): Validator {
  const check = bodyChecker(schema)
  return (data: unknown) => {
    const checked = check(data)
    return 'value' in checked
      ? checked
      : { error: new InvalidRequest(toProblem(checked.errors, { schema, value: data }, 'body')) }
  }
}

function toProblem(errors: readonly SchemaError[], checked: Checked, httpPart: string | undefined): Problem {
  const overfull = errors.find(({ keyword, instancePath }) => keyword === 'maxItems' && instancePath === '/contacts')
  if (overfull !== undefined) {
    const limit = (overfull.params as { limit: number }).limit
    return new Problem('payload-too-large', {
      detail: `A batch holds at most ${limit} contacts. Send it in smaller parts.`,
    })
  }
  if (httpPart === 'params') return new Problem('not-found')
  return validationProblem(errors, checked, httpPart === 'querystring' ? '#/query' : '#')
}

/** The problem that names each place of a value that does not match its schema; `prefix` is where the value stands. */
export function validationProblem(errors: readonly SchemaError[], checked: Checked, prefix: string): Problem {
  return new Problem('validation-failed', { errors: wrongPlaces(errors, checked, prefix) })
}
