import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { App } from './app-type.ts'

const description = `One API in front of several messaging providers. Send a contact once; it reaches every account of a list, and the answer says per contact and per account what happened.

Press **Authorize** and paste a client key (in sandbox mode the one that the start-up banner shows).`

/** Describes all routes that are registered after it; the document is served as \`/openapi.json\` where \`serve\` is set. */
export async function describeApi(
  app: App,
  options: { readonly version: string; readonly serve: boolean },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'contact-gateway',
        version: options.version,
        description,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'This gateway.' }],
      tags: [
        { name: 'Lists', description: 'Lists of contacts, each at one or more accounts.' },
        { name: 'Service', description: 'For operators and for people who met a problem.' },
      ],
      components: {
        securitySchemes: {
          clientKey: { type: 'http', scheme: 'bearer', description: 'The key of a client: cgw_<client>_<secret>.' },
        },
      },
      security: [{ clientKey: [] }],
    },
    transformObject: (document) =>
      'openapiObject' in document ? hoistSchemas(document.openapiObject) : document.swaggerObject,
  })
  if (!options.serve) return
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { deepLinking: true, persistAuthorization: false },
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}

/** Moves every schema that has a `title` to the components, and refers to it: generated clients get named types. */
function hoistSchemas<Document extends object>(document: Document): Document {
  const schemas: Record<string, unknown> = {}
  const hoist = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(hoist)
    const copy = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hoist(member)]))
    if (typeof copy.title !== 'string' || typeof copy.type !== 'string') return copy
    schemas[copy.title] = copy
    return { $ref: `#/components/schemas/${copy.title}` }
  }
  const { paths, components, ...rest } = document as { paths: object; components: object }
  const hoisted = hoist(paths)
  return { ...rest, components: { ...components, schemas }, paths: hoisted } as unknown as Document
}
