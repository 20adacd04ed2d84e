/**
 * What this browser keeps of how somebody works, never of people: languages, names of columns. It may be full, or forbidden.
 * @param {string} name
 * @returns {any}
 */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(`contact-gateway.${name}`) ?? 'null')
  } catch {
    return null
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function keepHere(name, value) {
  try {
    localStorage.setItem(`contact-gateway.${name}`, JSON.stringify(value))
  } catch {
    // Then it is asked for again.
  }
}
