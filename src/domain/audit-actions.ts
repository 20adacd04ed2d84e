/** What clients do that is audited: every route that writes names one of them, and one that reads where that is told of. */
export const requestActions = [
  'contact.create',
  'contact.update',
  'contact.delete',
  'contacts.add',
  'list.remove',
  'import.start',
  'import.cancel',
  'import.delete',
  'suppressions.add',
  'suppression.remove',
  'people.search',
  'opt-out.receive',
  'erasure.begin',
  'erasure.done',
  'erasure.retry',
  'webhook.retry',
] as const
export type RequestAction = (typeof requestActions)[number]

/** Every action of an audit event (docs/operate/audit.md). */
export const auditActions = [
  ...requestActions,
  'import.end',
  'erasure.status',
  'access.refused',
  'access.left-out',
  'config.start',
  'config.reload',
  'config.refused',
  'audit.gap',
] as const
export type AuditAction = (typeof auditActions)[number]
