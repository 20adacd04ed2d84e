import type { Answer } from './answer.ts'
import { errorPages } from './error-pages.ts'
import type { Quirks, QuirkTable } from './quirk-table.ts'
import { type Refusal, type RefusalName, refusalNames, refusals } from './refusals.ts'

const tooManyForms = ['own-code', '413', '413-page', '400-words', '422-words', '403-words'] as const

/** Habits that every provider may have, all assumed. `batches`: the operations that take several contacts. */
export function generalHabits(operations: readonly string[], batches: readonly string[], writes: readonly string[]) {
  return {
    refuses: {
      values: ['nothing', ...refusalNames],
      operations,
      does: 'Refuses every call (for some: a rule with `match.operation`) for a reason that lies in no contact.',
      plays: 'wrong blame: balance and plans, retired and moved operations, a form of requests that has changed',
    },
    maxBatch: {
      amount: 'contacts',
      operations: batches,
      does: 'More contacts than this in one call are refused, as `tooMany` says; 0 = the documented or assumed limit.',
      plays: 'stuck: batches that are too large',
    },
    maxBodyBytes: {
      amount: 'bytes',
      operations,
      does: 'A longer request body is refused, as `tooMany` says; 0 = no limit but the simulator’s own.',
      plays: 'stuck: batches that are too large',
    },
    tooMany: {
      values: tooManyForms,
      operations: batches,
      does:
        'How too many are refused: with the code that the provider’s table has or may have (400), with 413 in the ' +
        'provider’s form or as a page of a proxy, or with 400, 422 or 403 and words alone.',
      plays: 'stuck: batches that are too large',
    },
    headerCase: {
      values: ['any', 'documented'],
      operations,
      does: '`documented`: a header whose name is not in the case of the documents counts as not sent.',
      plays: 'robustness: a picky proxy',
    },
    writeDelayMs: {
      amount: 'milliseconds',
      operations: writes,
      does: 'So long between reading what there is and writing it: of two writes at the same time one is lost.',
      plays: 'loss: two writers of one person',
    },
  } as const satisfies QuirkTable
}

export type GeneralQuirks = Quirks<ReturnType<typeof generalHabits>>

/** A provider's own error body for a status; with `words`, these in it. */
export type Refuse = (status: number, words?: Refusal) => Answer

/** What every call is refused with, if anything is wrong with it that has to do with no contact. */
export function refuseInGeneral(
  { refuses, maxBatch, maxBodyBytes, tooMany }: GeneralQuirks,
  { body, contacts }: { body: Buffer; contacts: () => number },
  refuse: Refuse,
): Answer | undefined {
  if (refuses !== 'nothing') {
    const reason = refusals[refuses as RefusalName]
    return refuse(reason.status, reason)
  }
  const isTooMuch = (maxBodyBytes > 0 && body.length > maxBodyBytes) || (maxBatch > 0 && contacts() > maxBatch)
  return isTooMuch ? tooManyAnswer(tooMany, refuse) : undefined
}

/** The code of Octopush's table is 305; the others have none that is known. */
export const tooManyCode = 'TOO_MANY_CONTACTS'

function tooManyAnswer(form: GeneralQuirks['tooMany'], refuse: Refuse): Answer {
  if (form === '413-page')
    return { status: 413, text: errorPages['too-large'], wire: { contentType: 'text/html' }, applied: false }
  if (form === 'own-code') return refuse(400, { status: 400, code: tooManyCode, message: 'Too many contacts.' })
  const status = Number(form.slice(0, 3))
  return refuse(status, { status, code: 'INVALID_REQUEST', message: 'Too many contacts in one request.' })
}
