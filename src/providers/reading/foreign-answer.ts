import type { ProviderResponse } from '../adapter-port.ts'
import { isRecord } from './coercions.ts'
import { readError } from './read-error.ts'

/** Words for what a server or a proxy has many of; a provider's contacts are none of them. */
const partOfServer =
  '(?:api|application|app|service|deployment|tunnel|tenant|virtual host|backend|upstream|handler|controller)'
/** How servers and proxies say in JSON that they have no such path; a provider speaks of the thing that is not there. */
const wordsOfRouters = new RegExp(
  [
    '\\b(?:no|unknown|invalid|missing)\\b[^.]{0,20}\\b(?:route|endpoint|url|path|static resource)\\b',
    '\\b(?:route|endpoint|url)\\b.{0,120}\\b(?:not|unknown|could|cannot|doesn.t)\\b',
    '(?:ROUTE|ENDPOINT|PATH|DEPLOYMENT|APPLICATION)_NOT_FOUND',
    '\\bcannot (?:get|post|put|delete) \\/',
    `^(?:the )?(?:requested )?${partOfServer} (?:\\S+ )?(?:was |is |could )?(?:not (?:be )?found|does ?n[o.]t exist|unknown)`,
    `\\b(?:no such|unknown) ${partOfServer}\\b`,
    '\\bmethod does not exist\\b',
    '\\bunable to identify proxy\\b',
    '\\bno healthy upstream\\b',
  ].join('|'),
  'i',
)

/**
 * True for an answer that the provider's own program did not make: a page, a text, or JSON that speaks of routes. An empty
 * body is the provider's.
 */
export function isForeign(response: ProviderResponse): boolean {
  if (response.body === undefined) return response.text.trim() !== ''
  const { code, message = '' } = readError(response)
  return wordsOfRouters.test(message) || (code !== undefined && wordsOfRouters.test(code)) || isOfFramework(response)
}

/** Frameworks that tell the path have no more to say of one that they do not have: a name of HTTP's, and nothing else. */
function isOfFramework({ body }: ProviderResponse): boolean {
  if (!isRecord(body) || body.message !== undefined || body.detail !== undefined) return false
  return typeof body.path === 'string' && body.path.startsWith('/') && body.error === 'Not Found'
}

/** True for a page of HTML, whatever its code. */
export function isPage({ body, text }: ProviderResponse): boolean {
  return body === undefined && /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(text)
}
