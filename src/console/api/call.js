/**
 * What an API call can end with beside its answer. `kind`: `offline`, nobody answered; `problem`, the gateway said why;
 * `unreadable`, something in between answered; `given-up`, whoever asked has gone.
 *
 * @typedef {object} Failure
 * @property {'offline' | 'problem' | 'unreadable' | 'given-up'} kind
 * @property {number} status of the answer; 0: there was none
 * @property {string} code the problem's, such as `unauthorized`; empty where there is none
 * @property {string} detail in the gateway's words
 * @property {string} requestId for who looks for it in the logs; empty where there is none
 * @property {number} [retryAfterSeconds]
 * @property {{ pointer: string, code: string, detail: string }[]} errors
 * @property {{ encoding?: string | null, headerRow?: number }} [suggests]
 */

export class CallFailed extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.detail)
    this.failure = failure
  }
}

/** Where the API is: one step above this page, whatever path a proxy gives it. */
const base = new URL('.', document.baseURI)

/**
 * @param {string} path
 * @param {Record<string, string | number | boolean | undefined>} [query]
 */
export function addressOf(path, query = {}) {
  const url = new URL(path.replace(/^\//, ''), base)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

/** An answer that has not begun by then does not come: whoever would send it is gone, and nobody tells. */
const answerMs = 60_000

/**
 * `keepalive`: it is sent also where the page goes.
 * @typedef {{ readonly key: string, readonly signal?: AbortSignal | undefined, readonly headers?: Record<string, string>,
 *   readonly keepalive?: boolean }} Access
 */

/**
 * @param {string} method
 * @param {URL} url
 * @param {Access & { readonly json?: unknown }} access
 * @returns {Promise<Response>} one that is no error
 * @throws {CallFailed}
 */
export async function send(method, url, { key, signal, headers, json, keepalive = false }) {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), answerMs)
  const init = {
    method,
    keepalive,
    signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
    // A cookie, a cached answer or another address has no place here.
    credentials: /** @type {const} */ ('omit'),
    cache: /** @type {const} */ ('no-store'),
    redirect: /** @type {const} */ ('error'),
    headers: {
      authorization: `Bearer ${key}`,
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  }
  const response = await fetch(url, init)
    .catch((error) => {
      throw new CallFailed(signal?.aborted ? givenUp : offline(String(error)))
    })
    .finally(() => clearTimeout(timer))
  if (response.ok) return response
  throw new CallFailed(failureOf(response.status, await response.text().catch(() => '')))
}

/**
 * @param {number} status
 * @param {string} body
 * @returns {Failure}
 */
export function failureOf(status, body) {
  try {
    const { code, detail, instance, retryAfterSeconds, errors, suggests } = JSON.parse(body)
    if (typeof code === 'string')
      return {
        kind: 'problem',
        status,
        code,
        detail: String(detail),
        requestId:
          String(instance ?? '')
            .split('/')
            .at(-1) ?? '',
        retryAfterSeconds,
        errors: errors ?? [],
        suggests,
      }
  } catch {
    // It is a page of somebody in between.
  }
  // A proxy says so when the gateway is away, or when it does not let that much pass.
  const kind = [502, 503, 504].includes(status) ? 'offline' : 'unreadable'
  return { kind, status, code: status === 413 ? 'payload-too-large' : '', detail: '', requestId: '', errors: [] }
}

/** @type {Failure} */
export const givenUp = { kind: 'given-up', status: 0, code: '', detail: '', requestId: '', errors: [] }

/**
 * @param {string} detail
 * @returns {Failure}
 */
export function offline(detail) {
  return { kind: 'offline', status: 0, code: '', detail, requestId: '', errors: [] }
}

/**
 * @param {unknown} error
 * @returns {Failure} what went wrong, also where it was a mistake in this page
 */
export function failureIn(error) {
  if (error instanceof CallFailed) return error.failure
  if (error instanceof DOMException && error.name === 'AbortError') return givenUp
  // An answer that breaks off while it is read; each browser says it in its own words.
  if (error instanceof TypeError && /network|fetch|load failed|input stream/i.test(error.message)) return offline('')
  console.error(error)
  return { ...offline(''), kind: 'unreadable', detail: String(error) }
}

/**
 * Whether the same may go well another time: nobody answered, too much was asked for, or the key was another.
 * @param {Failure} failure
 */
export function mayGoWell({ kind, status }) {
  return kind !== 'problem' || [401, 403, 408, 409].includes(status) || status >= 429
}
