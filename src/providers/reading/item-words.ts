import type { OutcomeStatus, ProviderDetail } from '../../domain/outcome.ts'
import type { ItemResult } from '../adapter-port.ts'
import { type BodyVerdict, isJudged, judgeBody } from './judge-body.ts'

const createdWord = /^(?:created|added|inserted|new)$/i
const updatedWord = /^(?:updated|modified|overwritten|merged)$/i
const skippedWord = /^(?:skipped|ignored|unchanged|exists|already_exists|existing|duplicate)$/i
const takenWord = /^(?:ok|okay|success(?:ful|fully)?|succeeded|accepted|saved|stored|done|true)$/i
const failedWord = /err(?:or)?|fail|invalid|reject|refus|denied|not[ _-]?(?:found|valid|allowed)/i
/** A word; anything else in its place may be data. */
const wordForm = /^(?:[a-z][a-z _-]{0,39}|[A-Z][A-Z _-]{0,39}|[A-Z][a-z]{0,39})$/

/**
 * What one item of an answer says of its contact, in a word and else. An item that says nothing was taken; with a word that
 * is not known, or that tells a failure without telling whether anything was kept, nobody knows; nor where an error stands
 * beside a word of success.
 */
export function readItemWords(
  item: Record<string, unknown>,
  key: string,
  title: string,
  httpStatus: number,
): ItemResult {
  const word = item.status ?? item.state ?? item.result
  const verdict = saysMore(item) ? judgeTheRest(item) : 'silent'
  const isSound = verdict === 'silent' || verdict === 'succeeded'
  if (word === undefined || word === null || word === '') {
    return isSound ? { status: 'accepted', key } : doubtful(key, saysFailed(title), { status: httpStatus })
  }
  const text = String(word).trim()
  const status = statusOf(text)
  if (status !== undefined && (isSound || (status === 'skipped' && verdict === 'skipped'))) return { status, key }
  const detail = !isSound || failedWord.test(text) ? saysFailed(title) : saysStrange(title)
  return doubtful(key, detail, { status: httpStatus, ...(wordForm.test(text) && { code: text }) })
}

/** A provider's items have the same few members, thousands of times. */
const judgedBefore = new Map<string, boolean>([
  ['status', false],
  ['state', false],
  ['result', false],
])
const mostNames = 200

/** It has a member beside its word that can say how it went. */
function saysMore(item: Record<string, unknown>): boolean {
  for (const name in item) {
    const known = judgedBefore.get(name)
    const isMore = known ?? isJudged(name)
    if (known === undefined && judgedBefore.size < mostNames) judgedBefore.set(name, isMore)
    if (isMore) return true
  }
  return false
}

function judgeTheRest({ status: _, state: __, result: ___, ...body }: Record<string, unknown>): BodyVerdict {
  return judgeBody({ body, text: '' })
}

function doubtful(key: string, detail: string, provider: ProviderDetail): ItemResult {
  return { status: 'unknown', key, error: { code: 'provider_unreadable', detail, retriable: false, provider } }
}

function statusOf(text: string): OutcomeStatus | undefined {
  if (createdWord.test(text)) return 'created'
  if (updatedWord.test(text)) return 'updated'
  if (skippedWord.test(text)) return 'skipped'
  return takenWord.test(text) ? 'accepted' : undefined
}

function saysFailed(title: string): string {
  return `${title} says that this contact failed, and not whether anything of it was kept. Look there, or change it and send it again.`
}

function saysStrange(title: string): string {
  return `${title} says of this contact what is not known to mean anything; it may have been applied. Look there.`
}
