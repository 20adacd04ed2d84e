import { signal } from '@preact/signals'

/**
 * Where the reader is: what follows the `#`, by its parts. It is no more than names and ids, so that it may be passed on.
 * @type {import('@preact/signals').Signal<readonly string[]>}
 */
export const route = signal(partsOf(location.hash))

addEventListener('hashchange', () => {
  route.value = partsOf(location.hash)
  scrollTo(0, 0)
  // Who listens to the page hears where it is now.
  requestAnimationFrame(() => document.querySelector('h1')?.focus())
})

/** @param {string} hash */
function partsOf(hash) {
  return hash
    .replace(/^#?\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      try {
        return decodeURIComponent(part)
      } catch {
        return part
      }
    })
}

/** @param {...string} parts */
export function hrefOf(...parts) {
  return `#/${parts.map(encodeURIComponent).join('/')}`
}

/** @param {...string} parts */
export function goTo(...parts) {
  location.hash = hrefOf(...parts)
}
