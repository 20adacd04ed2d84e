import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { Type } from 'typebox'
import { describeShape, describeShapeOf } from '../../domain/describe-shape.ts'
import { StoreUnavailable } from '../../services/store-port.ts'
import type { App, Routes } from '../app-type.ts'
import { anyJson } from '../openapi/document-schemas.ts'
import { problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import type { RouteConfig } from '../route-config.ts'
import type { Services } from '../services.ts'
import { readTold } from './read-told.ts'

/** Of a body. */
const mostBytes = 64 * 1024
const path = '/callbacks/:account/:token'
/** None of them is a provider's, and none is told from a wrong token. */
const otherMethods: HTTPMethods[] = ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

const config = { scope: 'token', keyed: false, audit: 'opt-out.receive' } as const satisfies RouteConfig

const params = Type.Object({
  account: Type.String({ description: 'The account whose provider calls.' }),
  token: Type.String({ description: 'A token of its callbacks, as configured.' }),
})

const Told = Type.Record(Type.String(), Type.Unknown(anyJson), {
  title: 'Told',
  description: 'What the provider tells, in its own members.',
})
const toldExample = {
  message_id: 'sms_65f1c2',
  number: '+33600000000',
  text: 'stop',
  stop_date: '2026-11-24 10:00:00',
}

const response = {
  204: { description: 'It is kept, durably. The same again changes nothing.' },
  ...problemResponses(
    'malformed-request',
    'not-found',
    'request-timeout',
    'payload-too-large',
    'validation-failed',
    'rate-limited',
    'internal',
    'overloaded',
    'store-unavailable',
  ),
}

/** Checked by whoever can read it: the adapter. */
const unchecked = { validatorCompiler: () => () => true } as const

/** `POST` and `GET /callbacks/{account}/{token}`: a provider tells that somebody does not want to be written to any more. */
export async function callbackRoutes(app: App, services: Pick<Services, 'receiveOptOuts' | 'onCallback'>) {
  readAnyBody(app)
  const routes: Routes = app
  const receive = receiver(services)
  routes.post(
    path,
    {
      ...unchecked,
      config: { ...config, example: toldExample },
      bodyLimit: mostBytes,
      schema: {
        operationId: 'receiveCallback',
        summary: 'Take an opt-out from a provider',
        description:
          'For providers, whose console is given this URL; no client key is needed. The members come as JSON, as a form or in the query, and those that are not known are ignored.',
        tags: ['Callbacks'],
        params,
        body: {
          content: {
            'application/json': { schema: Told },
            'application/x-www-form-urlencoded': { schema: Told },
          },
        },
        response,
      },
    },
    receive,
  )
  routes.get(
    path,
    {
      ...unchecked,
      config,
      exposeHeadRoute: false,
      schema: {
        operationId: 'receiveCallbackInQuery',
        summary: 'Take an opt-out from a provider that calls with GET',
        description: 'The same, with the members in the query.',
        tags: ['Callbacks'],
        params,
        response,
      },
    },
    receive,
  )
  app.route({
    method: otherMethods,
    url: path,
    config: { scope: 'open' },
    schema: { hide: true },
    onRequest: (_request, _reply, done) => done(new Problem('not-found')),
    handler: async () => undefined,
  })
}

/** Whatever it says it is. Of its type is kept only what a form in parts cannot be read without. */
function readAnyBody(app: App): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes))
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { headers } = request.raw
    if (headers['content-type']?.includes('multipart/form-data') !== true) delete headers['content-type']
    done(null, payload)
  })
}

function receiver({ receiveOptOuts, onCallback }: Pick<Services, 'receiveOptOuts' | 'onCallback'>) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const account = request.calledBack
    if (account === undefined) throw new Error('a callback was let in without an account')
    const body = Buffer.isBuffer(request.body) ? request.body : undefined
    const told = await readTold(body, request.headers['content-type'] ?? '', request.query)
    try {
      if (!(await receiveOptOuts(account, told, request.id))) {
        onCallback?.(account.id, 'unreadable')
        request.log.error(
          { event: 'callback', account: account.id, reason: 'unreadable', shape: shapeOf(told) },
          notRead,
        )
        throw unreadable
      }
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        onCallback?.(account.id, 'store_away')
        request.log.error({ event: 'callback', account: account.id, reason: 'store_away' }, notKept)
      }
      throw error
    }
    onCallback?.(account.id, 'stored')
    return reply.code(204).send()
  }
}

function shapeOf(told: readonly unknown[]): string {
  return told.map((one) => (typeof one === 'string' ? describeShape(one) : describeShapeOf(one))).join('; ')
}

const notRead =
  'A provider told something that could not be read: if it was an opt-out, it is not known here. Compare its form with what the provider documents.'
const notKept =
  'A provider told of an opt-out, and the store could not be reached to keep it: it is not known whether the provider tells it again. Look for it in its console.'
const unreadable = new Problem('validation-failed', {
  errors: [
    { pointer: '#', code: 'callback_unreadable', detail: 'This is nothing that the provider of this account tells.' },
  ],
})
