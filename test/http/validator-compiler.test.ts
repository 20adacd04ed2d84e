import { Type } from '@fastify/type-provider-typebox'
import { expect, test } from 'vitest'
import { validatorCompiler } from '../../src/http/problems/validation.ts'

const schema = Type.Object({ limit: Type.Integer() })
const compile = (of: object, httpPart: string) =>
  validatorCompiler({ schema: of as typeof schema, httpPart, method: 'GET', url: '/' })

test('a schema that several routes have is compiled once for each part of a request', () => {
  expect(compile(schema, 'querystring')).toBe(compile(schema, 'querystring'))
  expect(compile(schema, 'body')).toBe(compile(schema, 'body'))
  expect(compile({ ...schema }, 'querystring')).not.toBe(compile(schema, 'querystring'))
})

test('what is converted in a query string is not in a body, though the schema is the same', () => {
  expect(compile(schema, 'querystring')({ limit: '10' })).toEqual({ value: { limit: 10 } })
  expect(compile(schema, 'body')({ limit: '10' })).toEqual({ error: expect.any(Error) })
  expect(compile(schema, 'body')({ limit: 10 })).toEqual({ value: { limit: 10 } })
})
