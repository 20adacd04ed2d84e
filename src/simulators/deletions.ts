import type { Answer } from './answer.ts'
import { errorPages } from './error-pages.ts'
import type { Habit } from './quirk-table.ts'

/** What a deletion may come to, besides happening. */
export const deletionValues = ['happens', 'answered-only', 'page-404', 'router-404', 'empty-404', 'text-404'] as const

export const deletionHabit = (operations: readonly string[]) =>
  ({
    values: deletionValues,
    operations,
    does:
      'Other than `happens`: nothing is deleted, and the answer is the usual one, a 404 with an HTML page (proxy, wrong ' +
      'base URL), a 404 of a router in JSON, one without a body, or one in plain text.',
    plays: 'false claim of an erasure',
  }) as const satisfies Habit

/** The answer in place of a deletion that does not happen; undefined when it is to happen, or to be answered as usual. */
export function answerInsteadOfDeleting(deletion: (typeof deletionValues)[number]): Answer | undefined {
  return deletion === 'happens' || deletion === 'answered-only' ? undefined : { ...lost404[deletion], applied: false }
}

/** A 404 that does not come from the provider's own contacts. */
export const lost404 = {
  'page-404': { status: 404, text: errorPages['not-found'], wire: { contentType: 'text/html' } },
  'router-404': { status: 404, body: { message: 'no Route matched with those values' } },
  'empty-404': { status: 404 },
  'text-404': { status: 404, text: '404 page not found\n', wire: { contentType: 'text/plain; charset=utf-8' } },
} as const satisfies Record<string, Answer>
