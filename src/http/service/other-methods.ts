import type { HTTPMethods, RouteOptions } from 'fastify'
import type { App } from '../app-type.ts'
import { Problem } from '../problems/problems.ts'

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

/**
 * Answers the methods that a known path does not have with `405` and `Allow`. Called before the routes are registered;
 * the function that it returns is called after the last of them.
 */
export function refuseOtherMethods(app: App): () => void {
  const known = new Map<string, Set<HTTPMethods>>()
  app.addHook('onRoute', ({ url, method, prefix }: RouteOptions & { readonly prefix: string }) => {
    // A plugin answers for the paths below its own prefix.
    if (prefix !== '') return
    const ofUrl = known.get(url) ?? new Set()
    for (const one of [method].flat() as HTTPMethods[]) ofUrl.add(one)
    known.set(url, ofUrl)
  })
  return () => {
    for (const [url, allowed] of [...known]) {
      const refused = methods.filter((method) => !allowed.has(method))
      if (refused.length === 0) continue
      const problem = new Problem('method-not-allowed', { headers: { allow: [...allowed].join(', ') } })
      app.route({
        url,
        method: refused,
        config: { scope: 'open' },
        schema: { hide: true },
        onRequest: (_request, _reply, done) => done(problem),
        handler: async () => undefined,
      })
    }
  }
}
