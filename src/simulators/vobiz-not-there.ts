import type { Answer } from './answer.ts'
import { lost404 } from './deletions.ts'
import { errorAnswer, type VobizQuirks, vobizErrors } from './vobiz-errors.ts'

/** The answer for an id that is not there (404 `CONTACT_NOT_FOUND` is assumed). */
export function answerNotThere(quirks: VobizQuirks): Answer {
  const { notThere } = quirks
  switch (notThere) {
    case '404':
    case '400':
    case '410':
      return errorAnswer(Number(notThere), vobizErrors.contactNotFound, quirks)
    case '404-page':
      return lost404['page-404']
    case '404-router':
      return lost404['router-404']
    case '404-empty':
      return lost404['empty-404']
    case '404-text':
      return lost404['text-404']
    case '200-null':
      return { status: 200, body: null, applied: false }
    case '200-empty':
      return { status: 200, body: {}, applied: false }
    case '204':
      return { status: 204, applied: false }
  }
}
