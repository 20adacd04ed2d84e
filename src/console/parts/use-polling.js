import { useEffect, useState } from 'preact/hooks'
import { failureIn } from '../api/call.js'

const everyMs = 5_000

/**
 * Asks now, and again every five seconds while somebody can see it. What was known stays while it cannot be asked.
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} ask
 * @param {readonly unknown[]} [of] asks anew when one of these has changed
 * @returns {{ value: T | undefined, failure: import('../api/call.js').Failure | undefined, again: () => void }}
 */
export function usePolling(ask, of = []) {
  const [state, setState] = useState(/** @type {{ value?: T, failure?: import('../api/call.js').Failure }} */ ({}))
  const [asked, setAsked] = useState(0)
  useEffect(() => {
    const gone = new AbortController()
    let timer = 0
    let isAsking = false
    const look = async () => {
      if (!document.hidden) {
        isAsking = true
        try {
          const value = await ask(gone.signal)
          if (!gone.signal.aborted) setState({ value })
        } catch (error) {
          const failure = failureIn(error)
          if (!gone.signal.aborted) setState(({ value }) => ({ ...(value !== undefined && { value }), failure }))
        }
      }
      isAsking = false
      if (!gone.signal.aborted) timer = setTimeout(look, everyMs)
    }
    const onShown = () => {
      if (document.hidden || isAsking) return
      clearTimeout(timer)
      look()
    }
    document.addEventListener('visibilitychange', onShown)
    look()
    return () => {
      gone.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onShown)
    }
  }, [...of, asked])
  return { value: state.value, failure: state.failure, again: () => setAsked(asked + 1) }
}
