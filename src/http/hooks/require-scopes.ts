import type { FastifyInstance, RouteOptions } from 'fastify'

const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * Keeps an application from starting that has a route which does not say who may use it, or, where it could write for a
 * client, whether it takes an `Idempotency-Key` and how it is audited. Called before the routes are registered, those of plugins too.
 */
export function requireScopes(app: FastifyInstance): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => {
    routes.push(route)
  })
  app.addHook('onReady', async () => {
    const faults = routes.flatMap((route) => faultOf(route) ?? [])
    if (faults.length > 0) throw new Error(faults.join('\n'))
  })
}

function faultOf({ method, url, config }: RouteOptions): string | undefined {
  const route = `${[method].flat().join(', ')} ${url}`
  if (config?.scope === undefined)
    return `${route} does not say who may use it: give its config a scope, or 'any' for every client, or 'open' for everybody.`
  const writes = [method].flat().some((one) => !readingMethods.has(one))
  if (writes && config.scope !== 'open' && config.keyed === undefined)
    return `${route} does not say whether it takes an Idempotency-Key: give its config keyed, true or false.`
  if (writes && config.scope !== 'open' && config.audit === undefined)
    return `${route} does not say how it is audited: give its config audit, the name of an action.`
  return undefined
}
