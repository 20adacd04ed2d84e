import type { Routes } from '../app-type.ts'
import type { RouteOptions, Services } from '../services.ts'
import { deleteContactRoute, getContactRoute, updateContactRoute } from './contact.ts'
import { listContactsRoute } from './contacts.ts'
import { createContactRoute } from './create-contact.ts'

/** Single contacts, and the contacts of accounts. */
export function contactRoutes(
  app: Routes,
  services: Pick<Services, 'accounts' | 'createContact' | 'cursors' | 'idempotently' | 'watchSuppressions'>,
  options: RouteOptions,
): void {
  createContactRoute(app, services, options)
  listContactsRoute(app, services, options)
  getContactRoute(app, services, options)
  updateContactRoute(app, services, options)
  deleteContactRoute(app, services, options)
}
