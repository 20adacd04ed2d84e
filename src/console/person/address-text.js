/** @param {import('./person-page.js').Address} address */
export function textOf(address) {
  return 'email' in address ? address.email : address.phone
}

/**
 * Whether somebody has typed the same address again, however it is spaced and written.
 * @param {string} typed
 * @param {string} text
 */
export function isSameAddress(typed, text) {
  const plain = (/** @type {string} */ one) =>
    one.includes('@') ? one.trim().toLowerCase() : one.replace(/[^\d+]/g, '')
  return plain(typed) !== '' && plain(typed) === plain(text)
}
