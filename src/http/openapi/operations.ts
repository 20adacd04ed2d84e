import type { RouteConfig } from '../route-config.ts'

/** An operation of the document, as far as it is completed. */
export type Operation = {
  readonly operationId?: string
  parameters?: Parameter[]
  readonly requestBody?: { readonly content?: Readonly<Record<string, { example?: unknown }>> }
  readonly responses?: Readonly<Record<string, { headers?: object; links?: object }>>
}

export type Parameter = { readonly name?: string; readonly in?: string; example?: unknown }

/** What each route says of itself, by operationId. */
export type RouteConfigs = ReadonlyMap<string, Partial<RouteConfig>>

/** Every operation of the document, with what its route says of itself. */
export function* operationsOf(paths: object, configs: RouteConfigs): Generator<[Operation, Partial<RouteConfig>]> {
  for (const operations of Object.values(paths))
    for (const operation of Object.values(operations as Record<string, Operation>))
      yield [operation, configs.get(operation.operationId ?? '') ?? {}]
}
