import { expect } from 'vitest'
import type { Behaviour } from '../../src/simulators/behaviour.ts'
import { createOblicSimulator, defaultOblicCredentials, sampleOblicList } from '../../src/simulators/oblic.ts'
import { createOctopushSimulator, defaultOctopushCredentials } from '../../src/simulators/octopush.ts'
import type { Simulator } from '../../src/simulators/simulator.ts'
import { createVobizSimulator, defaultVobizCredentials } from '../../src/simulators/vobiz.ts'

export const oblicHeaders = {
  'content-type': 'application/json',
  authorization: `Bearer ${defaultOblicCredentials.apiKey}`,
}
export const octopushHeaders = {
  'content-type': 'application/json',
  'api-login': defaultOctopushCredentials.apiLogin,
  'api-key': defaultOctopushCredentials.apiKey,
}
export const vobizKeyPair = {
  'x-auth-id': defaultVobizCredentials.authId,
  'x-auth-token': defaultVobizCredentials.authToken,
}
export const vobizHeaders = { 'content-type': 'application/json', ...vobizKeyPair }
export const oblicAddPath = `/external/contact-list/v1/${sampleOblicList}/add`

const anyText = expect.any(String)
const anyNumber = expect.any(Number)

/** The options that every simulator has. */
type CommonOptions = { recordRequests?: boolean; recordBodies?: boolean }

/** One write that each provider accepts, and what it answers to it. */
export interface ProviderCase {
  name: string
  create: (options?: CommonOptions) => Simulator
  path: string
  /** What the provider calls it. */
  operation: string
  headers: Record<string, string>
  body: unknown
  status: number
  /** Part of the answer. */
  answer: object
  /** The members that make an error body the provider's own. */
  ownError: (status: number) => object
}

export const providerCases: ProviderCase[] = [
  {
    name: 'oblic',
    create: (options) => createOblicSimulator(options),
    path: oblicAddPath,
    operation: 'add',
    headers: oblicHeaders,
    body: [{ name: 'John Doe', email: 'user@example.com' }],
    status: 200,
    answer: { status: 'success', data: null, errors: null },
    ownError: () => ({ status: 'error', data: null, errors: [{ cd: anyText, message: anyText }] }),
  },
  {
    name: 'octopush',
    create: (options) => createOctopushSimulator(options),
    path: '/contact/create',
    operation: 'create',
    headers: octopushHeaders,
    body: { contacts: [{ phone_number: '+33612345678' }] },
    status: 201,
    answer: { items: [{ phone_number: '+33612345678', email: null, status: 'added' }] },
    ownError: () => ({ code: anyNumber, message: anyText }),
  },
  {
    name: 'vobiz',
    create: (options) => createVobizSimulator(options),
    path: '/contacts',
    operation: 'create',
    headers: vobizHeaders,
    body: { phone_number: '+919876543210', name: 'Rahul Sharma' },
    status: 201,
    answer: { phone_number: '+919876543210', name: 'Rahul Sharma' },
    ownError: () => ({ status: 'error', error: { code: anyText, message: anyText }, requestId: anyText }),
  },
]

/** Sends JSON (or a text as it is) and returns the status with the parsed body. */
export async function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body: text }),
  })
  const answer = await response.text()
  return { status: response.status, body: answer === '' ? undefined : JSON.parse(answer), headers: response.headers }
}

/** `PUT /_sim/behaviour`. */
export async function misbehave(simulator: Simulator, behaviour: Behaviour): Promise<void> {
  const { status, body } = await send(`${simulator.url}/_sim/behaviour`, 'PUT', {}, behaviour)
  expect({ status, body }).toEqual({ status: 200, body: behaviour })
}
