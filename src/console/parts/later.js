import { html } from 'htm/preact'
import { useEffect, useState } from 'preact/hooks'
import { words } from '../words/words.js'

/**
 * A part of the console whose files are not waited for before anything is seen.
 * @param {() => Promise<import('preact').ComponentType<any>>} load
 */
export function later(load) {
  /** @type {import('preact').ComponentType<any> | undefined} */
  let loaded
  return function Later(/** @type {object} */ props) {
    const [state, setState] = useState(
      /** @type {'loading' | 'loaded' | 'failed'} */ (loaded === undefined ? 'loading' : 'loaded'),
    )
    useEffect(() => {
      if (loaded !== undefined) return
      load().then(
        (component) => {
          loaded = component
          setState('loaded')
        },
        () => setState('failed'),
      )
    }, [])
    if (loaded !== undefined) return html`<${loaded} ...${props} />`
    if (state === 'loading') return html`<p role="status">${words.value.loading}</p>`
    // The gateway is another version by now, or away.
    return html`<div class="notice bad" role="alert"><p>${words.value.reload}
      <button class="link" onClick=${() => location.reload()}>${words.value.again}</button></p></div>`
  }
}
