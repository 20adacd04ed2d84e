import { addressOf, CallFailed, failureOf, givenUp, offline } from './call.js'

/**
 * Sends a file as a form and tells how much of it is on its way. By XMLHttpRequest, since `fetch` does not tell; the browser
 * reads the file from the disk by itself, so that its size does not matter to this page.
 *
 * @param {string} path
 * @param {Blob} file
 * @param {string} name of the file
 * @param {object} how
 * @param {string} how.key
 * @param {object} how.options of the import
 * @param {Record<string, string | boolean>} [how.query]
 * @param {string} [how.idempotencyKey]
 * @param {AbortSignal} [how.signal]
 * @param {(share: number) => void} [how.onProgress] from 0 to 1
 * @returns {Promise<any>} the answer
 * @throws {CallFailed}
 */
export function upload(path, file, name, { key, options, query, idempotencyKey, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const form = new FormData()
    form.append('options', new Blob([JSON.stringify(options)], { type: 'application/json' }), 'options.json')
    form.append('file', file, name)
    const request = new XMLHttpRequest()
    request.open('POST', addressOf(path, query))
    request.setRequestHeader('authorization', `Bearer ${key}`)
    if (idempotencyKey !== undefined) request.setRequestHeader('idempotency-key', idempotencyKey)
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0)
    request.onload = () => {
      const { status, responseText } = request
      if (status < 200 || status > 299) return reject(new CallFailed(failureOf(status, responseText)))
      try {
        resolve(JSON.parse(responseText))
      } catch {
        reject(new CallFailed(failureOf(status, '')))
      }
    }
    request.onerror = () => reject(new CallFailed(offline('')))
    request.onabort = () => reject(new CallFailed(givenUp))
    signal?.addEventListener('abort', () => request.abort())
    if (signal?.aborted) return reject(new CallFailed(givenUp))
    request.send(form)
  })
}
