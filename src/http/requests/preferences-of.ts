import type { FastifyReply, FastifyRequest } from 'fastify'
import { appliedPreferences, noPreferences, type Preferences, readPreferences } from './preferences.ts'
import { trailOf } from './request-trail.ts'

/** Reads the preferences that the route follows, and says in `Preference-Applied` which of them were applied. */
export function preferencesOf(request: FastifyRequest, reply: FastifyReply, deadlineMs: number): Preferences {
  const header = request.headers.prefer
  if (header === undefined) return noPreferences
  const preferences = readPreferences(String(header), request.routeOptions.config.prefers ?? [])
  if (preferences.explain) trailOf(request).isToBeExplained = true
  const applied = appliedPreferences(preferences, deadlineMs)
  if (applied !== undefined) reply.header('preference-applied', applied)
  return preferences
}
