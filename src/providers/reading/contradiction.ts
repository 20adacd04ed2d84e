import type { Result } from '../../domain/failure.ts'
import type { ItemResult, ProviderResponse, WrittenContact } from '../adapter-port.ts'
import { isRecord } from './coercions.ts'
import { deniesSuccess, judgeBody } from './judge-body.ts'
import { readError } from './read-error.ts'

/**
 * True for a refusal (4xx) whose body has no word of an error, and says or shows that the request was done: nobody knows
 * which of the two is so. `read` reads the body as that of a success. A 409 may show whom the provider has already.
 */
export function contradictsItself(
  response: ProviderResponse,
  read: (response: ProviderResponse) => Result<unknown>,
): boolean {
  const { status, body } = response
  if (status < 400 || status > 499 || typeof body !== 'object' || body === null) return false
  if (deniesSuccess(body) || saysError(response)) return false
  if (judgeBody(response) === 'succeeded') return true
  const { drift: _, ...asSuccess } = response
  const result = read({ ...asSuccess, status: 200 })
  return 'ok' in result && showsDone(result.ok, status)
}

function saysError(response: ProviderResponse): boolean {
  const { code, message } = readError(response)
  return code !== undefined || message !== undefined
}

/** What an operation made of the body: items of which one was taken, contacts that were found, a whole one, or a page. */
function showsDone(output: unknown, status: number): boolean {
  if (Array.isArray(output)) return output.some((item) => isTaken(item as ItemResult) || isContact(item))
  if (!isRecord(output)) return false
  if ('contacts' in output) return Array.isArray(output.contacts) && output.contacts.length > 0
  if (!('status' in output)) return isContact(output)
  const { contact, unshown, ...item } = output as WrittenContact
  return isTaken(item) && unshown === undefined && (contact === undefined || status !== 409)
}

function isContact(item: unknown): boolean {
  return isRecord(item) && 'key' in item && 'phone' in item
}

function isTaken({ status }: Pick<ItemResult, 'status'>): boolean {
  return status === 'created' || status === 'updated' || status === 'accepted'
}
