/** @typedef {{ id: string, event: string, data: string }} ServerEvent */

/**
 * Server-sent events out of the body of an answer: EventSource could not send a key.
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<ServerEvent>}
 */
export async function* eventsOf(body) {
  const reader = body.pipeThrough(/** @type {any} */ (new TextDecoderStream())).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const blocks = (rest + value).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const read = eventOf(block)
        if (read.data !== '') yield read
      }
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** @param {string} block */
function eventOf(block) {
  const read = { id: '', event: 'message', data: '' }
  for (const line of block.split('\n')) {
    const at = line.indexOf(': ')
    const name = line.slice(0, at)
    if (at > 0 && (name === 'id' || name === 'event' || name === 'data')) read[name] = line.slice(at + 2)
  }
  return read
}
