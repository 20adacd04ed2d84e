import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problems/problems.ts'
import { routeOf } from './route-of.ts'
import { parseStrictJson } from './strict-json.ts'

const json = /^\s*application\/json\s*(?:;|$)/i
const inUtf8 = /^\s*application\/json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i
const form = /^\s*multipart\/form-data/i
const urlencoded = /^\s*application\/x-www-form-urlencoded/i
const plainFile = /^\s*text\/(?:csv|plain)|^\s*application\/(?:octet-stream|vnd)/i

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a body that was held in memory; 0 for none. */
    bodyBytes: number
  }
}

/** Media types are compared without case (RFC 9110 8.3.1). */
export function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && json.test(contentType)
}

/**
 * Reads bodies: JSON in UTF-8 and as it is, without a content encoding; every other is refused in words. Where a route
 * takes no body and none came, its type does not matter: many clients name one with every request.
 */
export function readBodies(app: FastifyInstance): void {
  app.decorateRequest('bodyBytes', 0)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      done(null, readJsonBody(request, bytes as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })
  app.addContentTypeParser('*', (request, body, done) => {
    if (request.is404) return done(null)
    if (takesBody(request)) return done(wrongType(request))
    findNothing(body as Readable).then(
      (isEmpty) => done(isEmpty ? null : noBodyHere()),
      (error) => done(error),
    )
  })
  forgetTypesOfNothing(app)
}

const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

function forgetTypesOfNothing(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const canHaveBody = [route.method].flat().some((method) => !bodiless.has(method))
    if (!canHaveBody || route.schema?.body !== undefined || route.schema?.operationId === undefined) return
    route.preParsing = (request, _reply, payload, done) => {
      const { headers } = request.raw
      const isEmpty = headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'
      if (isEmpty) delete headers['content-type']
      done(null, payload)
    }
  })
}

function takesBody(request: FastifyRequest): boolean {
  return routeOf(request).schema?.body !== undefined
}

/** True when the body ends without a byte, as chunked ones may. */
async function findNothing(body: Readable): Promise<boolean> {
  for await (const _ of body.iterator({ destroyOnReturn: false })) return false
  return true
}

function readJsonBody(request: FastifyRequest, bytes: Buffer): unknown {
  request.bodyBytes = bytes.length
  if (bytes.length === 0 && !takesBody(request)) return undefined
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers
  if (isUpload(request) || !inUtf8.test(type)) throw wrongType(request)
  if (encoding !== 'identity' && encoding.trim().toLowerCase() !== 'identity')
    throw unsupported('The body has a Content-Encoding. Send it as it is, without one.')
  return parseStrictJson(bytes)
}

function isUpload(request: FastifyRequest): boolean {
  return routeOf(request).schema?.consumes?.includes('multipart/form-data') === true
}

/** The refusal of a body, by what it came as. */
export function wrongType(request: FastifyRequest): Problem {
  const { 'content-type': type = '' } = request.headers
  if (isUpload(request)) return unsupported(uploadAs(type))
  if (isJson(type))
    return unsupported('The body is not in UTF-8. Send it in UTF-8, with Content-Type: application/json.')
  if (form.test(type))
    return unsupported(
      'The body came as a form (multipart/form-data), and here goes JSON: send it with Content-Type: application/json. A CSV file goes to POST /lists/{listId}/imports.',
    )
  if (urlencoded.test(type)) return unsupported(`The body came as application/x-www-form-urlencoded, ${ofCurl}`)
  if (plainFile.test(type))
    return unsupported(
      'The body came as a file, and here goes JSON: send it with Content-Type: application/json. A CSV file goes to POST /lists/{listId}/imports: curl -F file=@people.csv.',
    )
  if (type === '') return unsupported(`The body came without a Content-Type. ${asJson}`)
  return unsupported(`The body is not of a type that is read here. ${asJson}`)
}

const asJson = "Send JSON, with Content-Type: application/json; with curl, add -H 'Content-Type: application/json'."
const ofCurl = `as curl -d and HTML forms send it. ${asJson}`

function uploadAs(type: string): string {
  const how = 'Send the file as multipart/form-data, in a part named file: curl -F file=@people.csv.'
  if (isJson(type)) return `Here goes a file, not JSON; JSON goes to POST /lists/{listId}/contacts. ${how}`
  if (urlencoded.test(type)) return `The body came as curl -d and --data-binary send it. ${how}`
  return how
}

function noBodyHere(): Problem {
  return unsupported('This address takes no body. Send the request without one.')
}

function unsupported(detail: string): Problem {
  return new Problem('unsupported-media-type', { detail })
}
