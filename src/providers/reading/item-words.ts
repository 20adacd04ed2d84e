import type { OutcomeStatus } from '../../domain/outcome.ts'
import type { ItemResult } from '../port.ts'

const createdWord = /^(?:created|added|inserted|new)$/i
const updatedWord = /^(?:updated|modified|overwritten|merged)$/i
const skippedWord = /^(?:skipped|ignored|unchanged|exists|already_exists|existing|duplicate)$/i
const takenWord = /^(?:ok|okay|success(?:ful|fully)?|succeeded|accepted|saved|stored|done|true)$/i
const failedWord = /err(?:or)?|fail|invalid|reject|refus|denied|not[ _-]?(?:found|valid|allowed)/i
/** A word; anything else in its place may be data. */
const wordForm = /^[A-Za-z][A-Za-z _-]{0,39}$/

/**
 * What the word of one item of an answer says of its contact. An item without a word was taken; with a word that is not
 * known, or that tells a failure without telling whether anything was kept, nobody knows.
 */
export function readItemWord(word: unknown, key: string, title: string, httpStatus: number): ItemResult {
  if (word === undefined || word === null || word === '') return { status: 'accepted', key }
  const text = String(word).trim()
  const status = statusOf(text)
  if (status !== undefined) return { status, key }
  const detail = failedWord.test(text) ? saysFailed(title) : saysStrange(title)
  const provider = { status: httpStatus, ...(wordForm.test(text) && { code: text }) }
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
