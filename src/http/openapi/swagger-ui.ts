import { readFileSync } from 'node:fs'
import swaggerUi from '@fastify/swagger-ui'
import type { App } from '../app-type.ts'
import { foldErrors } from './docs-page/fold-errors.ts'

/** Serves Swagger UI at `/docs`, all of it from this process. */
export async function serveSwaggerUi(app: App): Promise<void> {
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, scope: 'open' }
    })
    docs.addHook('onSend', async (_request, _reply, payload) => fitToScreen(payload))
    await docs.register(swaggerUi, options)
  })
}

/** Swagger UI's page does not say that it fits a small screen, and its package has no option for it. */
function fitToScreen(payload: unknown): unknown {
  if (typeof payload !== 'string') return payload
  return payload.replace(/<head>/, '$&\n<meta name="viewport" content="width=device-width, initial-scale=1">')
}

const file = (filename: string) => ({
  filename,
  content: readFileSync(new URL(`docs-page/${filename}`, import.meta.url), 'utf8'),
})

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
  theme: {
    title: 'contact-gateway API',
    css: [file('page.css')],
    js: [file('follow-color-scheme.js')],
    favicon: [favicon],
  },
  // Calls go to where the page came from, whatever the public address is.
  transformSpecification: (document: Readonly<Record<string, unknown>>) => ({ ...document, servers: [{ url: '/' }] }),
  transformSpecificationClone: false,
  uiConfig: {
    // Without the bar that asks for the address of another document.
    layout: 'BaseLayout',
    plugins: [foldErrors],
    deepLinking: true,
    persistAuthorization: false,
    displayRequestDuration: true,
    syntaxHighlight: { activate: true, theme: 'obsidian' as const },
    defaultModelsExpandDepth: 0,
  },
}
