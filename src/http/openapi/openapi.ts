import swagger from '@fastify/swagger'
import type { App, Routes } from '../app-type.ts'
import { problemExamples } from '../problems/problem-examples.ts'
import type { RouteConfig } from '../route-config.ts'
import { describeWebhooks } from '../webhooks/event-document.ts'
import { exampleAnswers } from './answer-examples.ts'
import { headerComponents } from './answer-headers.ts'
import { describeExamples, type ExampleValues } from './document-examples.ts'
import { describeHeaders } from './document-headers.ts'
import { limitAnswers, limitSchemas } from './document-limits.ts'
import { emptyNoContent, plainSchemas, sharedSchemas } from './document-schemas.ts'
import { keepDocument } from './kept-document.ts'
import type { RouteConfigs } from './operations.ts'
import { serveSwaggerUi } from './swagger-ui.ts'
import { toOpenapi30 } from './to-openapi-30.ts'

const description = `One API in front of several messaging providers. Send a contact once; it reaches every account of a list, and the answer says per contact and per account what happened.

Press **Authorize** and paste a client key (in sandbox mode the one that the start-up banner shows).`

/** In examples, where the address of this gateway is not configured. */
const someUrl = 'https://gateway.example'

export type DescriptionOptions = {
  readonly version: string
  readonly serve: boolean
  /** Empty where it is not configured: the document is then of the server that it came from. */
  readonly publicUrl: string
  /** Examples name these instead of made-up words. They show what is configured, to everybody. */
  readonly examples?: ExampleValues | undefined
}

/**
 * Describes all routes that are registered after it; the document is served as `/openapi.json`, and for tools
 * without OpenAPI 3.1 as `/openapi-3.0.json`, where `serve` is set.
 */
export async function describeApi(app: App, options: DescriptionOptions): Promise<void> {
  const configs = new Map<string, Partial<RouteConfig>>()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'contact-gateway',
        version: options.version,
        description,
        license: { name: 'MIT licence', identifier: 'MIT' },
      },
      servers: [
        {
          url: options.publicUrl || '/',
          description: 'This gateway, in production or in sandbox mode.',
          ...{ 'x-internal': false },
        },
      ],
      tags: [
        { name: 'Lists', description: 'Lists of contacts, each at one or more accounts.' },
        { name: 'Imports', description: 'CSV files to a list, row by row, and what became of them.' },
        { name: 'Contacts', description: 'Single contacts, each at one account.' },
        { name: 'Suppressions', description: 'Who is not to be contacted, at any provider.' },
        { name: 'People', description: 'Where a person is, whichever account that is.' },
        { name: 'Erasures', description: 'People who asked to be forgotten, and how far that is.' },
        { name: 'Webhooks', description: 'What the gateway tells by itself, and what became of it.' },
        { name: 'Callbacks', description: 'What providers tell by themselves.' },
        { name: 'Providers', description: 'What each account can do.' },
        { name: 'Requests', description: 'What was done for a request, and why no more.' },
        { name: 'Service', description: 'For operators and for people who met a problem.' },
      ],
      components: {
        securitySchemes: {
          clientKey: { type: 'http', scheme: 'bearer', description: 'The key of a client: `cgw_<client>_<secret>`.' },
        },
      },
      security: [{ clientKey: [] }],
    },
    transform: ({ schema, url, route: { config = {} } }) => {
      const { operationId } = schema ?? {}
      if (operationId !== undefined) configs.set(operationId, config)
      return { schema: config.scope === 'open' || config.scope === 'token' ? { ...schema, security: [] } : schema, url }
    },
    transformObject: (document) =>
      'openapiObject' in document ? complete(document.openapiObject, configs, options) : document.swaggerObject,
  })
  if (!options.serve) return
  await serveSwaggerUi(app)
  const routes: Routes = app
  const hidden = { config: { scope: 'open' }, schema: { hide: true } } as const
  const document = keepDocument(() => app.swagger())
  const older = keepDocument(() => toOpenapi30(app.swagger()))
  routes.get('/openapi.json', hidden, (request, reply) => document(request, reply))
  routes.get('/openapi-3.0.json', hidden, (request, reply) => older(request, reply))
}

/** Adds what routes say of themselves beside their schemas, what belongs to all, and what schemas leave open. */
function complete<Document extends object>(
  document: Document,
  configs: RouteConfigs,
  { examples, publicUrl }: DescriptionOptions,
): Document {
  const { paths, components, ...rest } = document as { paths: object; components: object }
  limitAnswers(paths)
  emptyNoContent(paths)
  exampleAnswers(paths)
  describeHeaders(paths, configs)
  describeExamples(paths, configs, examples)
  const shared = { ...components, headers: headerComponents, examples: problemExamples(paths, publicUrl || someUrl) }
  // The schemas are those of answers, which are limited already where they stand there.
  const webhooks = structuredClone(describeWebhooks())
  limitSchemas(webhooks)
  return hoistSchemas({
    ...rest,
    components: shared,
    paths: plainSchemas(paths),
    webhooks: plainSchemas(webhooks),
  } as unknown as Document)
}

/** Moves every schema that has a `title` to the components, and refers to it: generated clients get named types. */
function hoistSchemas<Document extends object>(document: Document): Document {
  const schemas: Record<string, unknown> = { ...sharedSchemas }
  const hoist = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(hoist)
    const copy = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hoist(member)]))
    if (typeof copy.title !== 'string' || typeof copy.type !== 'string') return copy
    schemas[copy.title] = copy
    return { $ref: `#/components/schemas/${copy.title}` }
  }
  const { paths, webhooks, components, ...rest } = document as { paths: object; webhooks: object; components: object }
  // What stands in both counts as the paths have it: there it has been put into the form of the document.
  const ofWebhooks = hoist(webhooks)
  const hoisted = { paths: hoist(paths), webhooks: ofWebhooks }
  return { ...rest, components: { ...components, schemas }, ...hoisted } as unknown as Document
}
