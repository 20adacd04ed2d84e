import type { Routes } from '../app-type.ts'
import type { RouteOptions, Services } from '../services.ts'
import { addSuppressionsRoute } from './add-suppressions.ts'
import { removeSuppressionRoute } from './remove-suppression.ts'
import { readSuppressionRoutes } from './suppressions.ts'

/** Who is not to be contacted. */
export function suppressionRoutes(
  app: Routes,
  services: Pick<Services, 'suppressions' | 'idempotently' | 'cursors'>,
  options: RouteOptions,
): void {
  addSuppressionsRoute(app, services, options)
  readSuppressionRoutes(app, services, options)
  removeSuppressionRoute(app, services)
}
