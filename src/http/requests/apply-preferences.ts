import type { FastifyReply, FastifyRequest } from 'fastify'
import { appliedPreferences, type Preferences, readPreferences } from './preferences.ts'

/** Reads `Prefer`, and says in `Preference-Applied` which of those that the route knows were given. */
export function applyPreferences(
  request: FastifyRequest,
  reply: FastifyReply,
  known: readonly (keyof Preferences)[],
): Preferences {
  const preferences = readPreferences(request.headers.prefer)
  const applied = appliedPreferences(preferences, known)
  if (applied !== undefined) reply.header('preference-applied', applied)
  return preferences
}
