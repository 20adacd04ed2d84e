import { failureIn } from '../api/call.js'
import { keepHere, recall } from '../kept-here.js'
import { call, me } from '../session.js'

/**
 * Tries that somebody has left. The gateway deletes one only once it has ended, so that a running one is cancelled first;
 * whatever comes in between, the ids stay noted here, and the next visit goes on with it.
 *
 * @typedef {{ id: string, finishedAt?: string }} Trial
 */

const place = 'left-tries'
/** By itself a try goes after a day. */
const keptMs = 24 * 3_600_000
/** Those that this page is taking away just now. @type {Set<string>} */
const going = new Set()

/** Takes away what a try has left at the gateway; that it could not be done is found at the next visit. @param {Trial} trial */
export async function forgetTrial({ id, finishedAt }) {
  note(id)
  if (going.has(id)) return
  going.add(id)
  try {
    if (finishedAt === undefined) await call('POST', `/imports/${id}/cancel`)
    await call('DELETE', `/imports/${id}`)
    strike(id)
  } catch (error) {
    if (failureIn(error).code === 'not-found') strike(id)
  } finally {
    going.delete(id)
  }
}

/** Goes on where the page was closed, or the gateway away. */
export async function forgetLeftTrials() {
  for (const [id, { client }] of Object.entries(leftTrials()))
    if (client === me.peek()?.client) await forgetTrial({ id })
}

/**
 * Should the page go while somebody looks at a try, it is left too: what a page that goes can still ask for is asked for.
 * @param {() => Trial | undefined} current
 * @returns {() => void} ends that
 */
export function leaveWithPage(current) {
  const onHide = (/** @type {PageTransitionEvent} */ { persisted }) => {
    const trial = current()
    if (trial === undefined) return
    note(trial.id)
    // A page that is kept may be shown again, and then goes on.
    if (persisted) return
    const [method, path] = trial.finishedAt === undefined ? ['POST', '/cancel'] : ['DELETE', '']
    call(method, `/imports/${trial.id}${path}`, { keepalive: true }).catch(() => {})
  }
  const onShow = (/** @type {PageTransitionEvent} */ { persisted }) => {
    const trial = current()
    if (persisted && trial !== undefined) strike(trial.id)
  }
  addEventListener('pagehide', onHide)
  addEventListener('pageshow', onShow)
  return () => {
    removeEventListener('pagehide', onHide)
    removeEventListener('pageshow', onShow)
  }
}

/** @param {string} id */
function note(id) {
  keepHere(place, { ...leftTrials(), [id]: { client: me.peek()?.client, at: Date.now() } })
}

/** @param {string} id */
function strike(id) {
  const { [id]: _, ...others } = leftTrials()
  keepHere(place, others)
}

/** @returns {Record<string, { client: string, at: number }>} */
function leftTrials() {
  const kept = Object.entries(recall(place) ?? {})
  return Object.fromEntries(kept.filter(([, { at }]) => Date.now() - at < keptMs))
}
