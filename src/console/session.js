import { computed, signal } from '@preact/signals'
import { addressOf, CallFailed, send } from './api/call.js'

/**
 * Whose key it is, and what may be done with it.
 * @typedef {object} Me
 * @property {string} client
 * @property {string[]} scopes
 * @property {{ id: string, title: string }[]} lists
 * @property {string[]} accounts
 * @property {number} importBytes
 */

const place = 'contact-gateway.key'

/** For this tab only, and never in an address. */
const key = signal(kept())

/** @type {import('@preact/signals').Signal<Me | undefined>} */
export const me = signal(undefined)

/**
 * Why the key is no longer taken, in the middle of the work; what is on the screen stays.
 * @type {import('@preact/signals').Signal<import('./api/call.js').Failure | undefined>}
 */
export const turnedAway = signal(undefined)

export const hasKey = computed(() => key.value !== '')

/** @param {string} scope */
export function may(scope) {
  return me.value?.scopes.includes(scope) === true
}

/**
 * Asks whose key it is, and works with it from then on.
 * @param {string} [typed] without it: the one that is kept
 * @throws {CallFailed}
 */
export async function signIn(typed = key.peek()) {
  const wanted = typed.trim()
  const answer = await send('GET', addressOf('/me'), { key: wanted })
  const known = /** @type {Me} */ (await answer.json())
  keep(wanted)
  // Somebody else's: nothing of the one before may be seen.
  if (me.peek() !== undefined && me.peek()?.client !== known.client) location.reload()
  key.value = wanted
  me.value = known
  turnedAway.value = undefined
}

export function signOut() {
  keep('')
  // What was typed and shown goes with the page.
  location.hash = ''
  location.reload()
}

/**
 * A call with the key.
 * @param {string} method
 * @param {string} path
 * @param {{ query?: Record<string, string | number | boolean | undefined>, json?: unknown, signal?: AbortSignal | undefined,
 *   headers?: Record<string, string>, keepalive?: boolean }} [how]
 */
export async function call(method, path, { query, ...rest } = {}) {
  return noticing(() => send(method, addressOf(path, query), { key: key.peek(), ...rest }))
}

/**
 * @param {string} path
 * @param {Record<string, string | number | boolean | undefined>} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function read(path, query, signal) {
  return (await call('GET', path, { query, signal })).json()
}

/**
 * Does something with the key, and notices when it is not taken any more.
 * @template T
 * @param {(key: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function noticing(work) {
  try {
    return await work(key.peek())
  } catch (error) {
    if (error instanceof CallFailed && isAboutKey(error.failure)) turnedAway.value = error.failure
    throw error
  }
}

/** @param {import('./api/call.js').Failure} failure */
function isAboutKey({ code }) {
  return code === 'unauthorized' || code === 'network-not-allowed'
}

function kept() {
  try {
    return sessionStorage.getItem(place) ?? ''
  } catch {
    return ''
  }
}

/** @param {string} value */
function keep(value) {
  try {
    if (value === '') sessionStorage.removeItem(place)
    else sessionStorage.setItem(place, value)
  } catch {
    // Where the browser keeps nothing the key lasts as long as this page.
  }
}
