import type { App } from '../app-type.ts'
import { type ListContactsServices, listContactsOfListRoute, removeFromListRoute } from '../lists/list-contacts.ts'
import { providersRoute } from '../providers/providers.ts'
import { type ContactServices, deleteContactRoute, getContactRoute, updateContactRoute } from './contact.ts'
import { listContactsRoute, type ReadContactsServices } from './contacts.ts'
import { type ContactRouteOptions, type CreateContactServices, createContactRoute } from './create-contact.ts'

export type ContactsServices = CreateContactServices & ReadContactsServices & ContactServices & ListContactsServices

/** Single contacts, the contacts of accounts and lists, and what each account can do. */
export function contactRoutes(app: App, services: ContactsServices, options: ContactRouteOptions): void {
  createContactRoute(app, services, options)
  listContactsRoute(app, services, options)
  getContactRoute(app, services, options)
  updateContactRoute(app, services, options)
  deleteContactRoute(app, services, options)
  listContactsOfListRoute(app, services, options)
  removeFromListRoute(app, services, options)
  providersRoute(app, services)
}
