import swaggerUi from '@fastify/swagger-ui'
import type { App } from '../app-type.ts'

/** Serves Swagger UI at `/docs`, all of it from this process. */
export async function serveSwaggerUi(app: App): Promise<void> {
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, scope: 'open' }
    })
    await docs.register(swaggerUi, options)
  })
}

/** Its own files and calls to this gateway, nothing else, and nothing inline. */
const contentPolicy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': ["'self'", 'data:'],
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

/** There is one server, so nothing to choose. An import's id and its whole progress can be read without scrolling. */
const css = `
.swagger-ui .scheme-container .servers-title,
.swagger-ui .scheme-container .servers { display: none }
.swagger-ui .scheme-container { padding: 16px 0; box-shadow: 0 1px 0 rgba(0, 0, 0, .12) }
.swagger-ui .info { margin: 32px 0 24px }
.swagger-ui .highlight-code > .microlight { max-height: 720px }
.swagger-ui .parameters-col_description input { width: 100%; max-width: 480px }
`

/** The icon: one message that goes out to three. */
const favicon = {
  filename: 'icon.svg',
  rel: 'icon',
  type: 'image/svg+xml',
  sizes: 'any',
  content: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f4e79"/><path d="M8 16h6m0 0 8-8m-8 8h9m-9 0 8 8" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/><g fill="#fff"><circle cx="8" cy="16" r="3"/><circle cx="23" cy="8" r="3"/><circle cx="24" cy="16" r="3"/><circle cx="23" cy="24" r="3"/></g></svg>`,
}

const options = {
  routePrefix: '/docs',
  staticCSP: contentPolicy,
  theme: { title: 'contact-gateway API', css: [{ filename: 'page.css', content: css }], favicon: [favicon] },
  // Calls go to where the page came from, whatever the public address is.
  transformSpecification: (document: Readonly<Record<string, unknown>>) => ({ ...document, servers: [{ url: '/' }] }),
  transformSpecificationClone: false,
  uiConfig: {
    // Without the bar that asks for the address of another document.
    layout: 'BaseLayout',
    deepLinking: true,
    persistAuthorization: false,
    displayRequestDuration: true,
    defaultModelsExpandDepth: 0,
  },
}
