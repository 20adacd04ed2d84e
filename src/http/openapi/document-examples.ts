import type { Followers } from '../route-config.ts'
import { type Operation, operationsOf, type Parameter, type RouteConfigs } from './operations.ts'

/** Names from the configuration that examples use, so that they succeed as they stand. */
export type ExampleValues = {
  readonly listId: string
  /** For operations that any account will do for. */
  readonly account: string
  /** An account that can do the operation of this name, and the id of a contact there. */
  placeFor(operationId: string): { readonly account: string; readonly contactId: string } | undefined
}

/** Gives operations examples of their parameters and body, and says which answers lead to which operations. */
export function describeExamples(paths: object, configs: RouteConfigs, values: ExampleValues | undefined): void {
  for (const [operation, { example, leadsTo }] of operationsOf(paths, configs)) {
    const { operationId = '', parameters = [], requestBody } = operation
    if (example !== undefined) for (const media of Object.values(requestBody?.content ?? {})) media.example = example
    if (values !== undefined) fillParameters(parameters, operationId, values)
    if (leadsTo !== undefined) linkTo(leadsTo, operation)
  }
}

function fillParameters(parameters: readonly Parameter[], operationId: string, values: ExampleValues): void {
  const place = values.placeFor(operationId)
  const examples: Readonly<Record<string, string | undefined>> = {
    listId: values.listId,
    account: values.account,
    ...place,
  }
  for (const parameter of parameters) {
    const example = examples[parameter.name ?? '']
    if (example !== undefined) parameter.example = example
  }
}

function linkTo({ status, operations, parameters }: Followers, { responses }: Operation): void {
  const response = responses?.[status]
  if (response === undefined) return
  response.links = Object.fromEntries(operations.map((operationId) => [operationId, { operationId, parameters }]))
}
