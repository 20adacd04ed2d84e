import type { ProviderResponse } from '../port.ts'
import { readError } from './read-error.ts'

/** How servers and proxies say in JSON that they have no such path; a provider speaks of the thing that is not there. */
const wordsOfRouters =
  /\b(?:no|unknown|invalid|missing)\b[^.]{0,20}\b(?:route|endpoint|url|path)\b|\b(?:route|endpoint|url)\b.{0,120}\b(?:not|unknown|could|cannot|doesn.t)\b|(?:ROUTE|ENDPOINT|PATH)_NOT_FOUND|\bcannot (?:get|post|put|delete) \//i

/**
 * True for an answer that the provider's own program did not make: a page, a text, or JSON that speaks of routes. An empty
 * body is the provider's.
 */
export function isForeign(response: ProviderResponse): boolean {
  if (response.body === undefined) return response.text.trim() !== ''
  const { code, message } = readError(response)
  return wordsOfRouters.test(`${code ?? ''} ${message ?? ''}`)
}

/** True for a page of HTML, whatever its code. */
export function isPage({ body, text }: ProviderResponse): boolean {
  return body === undefined && /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(text)
}
