import type { FastifyInstance } from 'fastify'

/**
 * The forms in which the documents leave room for a STOP callback: its fields are documented, a sample decodes JSON, and the
 * method is not named. `json-as-form`, `json-as-text` and `json-untyped`: JSON under another type, or none, as clients of HTTP
 * send a text by themselves.
 */
export const stopForms = [
  'json',
  'json-as-form',
  'json-as-text',
  'json-untyped',
  'form',
  'form-bare-plus',
  'multipart',
  'query',
  'query-bare-plus',
  'post-query',
] as const
export type StopForm = (typeof stopForms)[number]

/** `stop_date` has no time zone. */
export interface Stop {
  message_id: string
  number: string
  text: string
  stop_date: string
}

export function stopOf(number: string): Stop {
  const date = new Date().toISOString().slice(0, 19).replace('T', ' ')
  return { message_id: `sms_${number.replace(/\D/g, '')}`, number, text: 'stop', stop_date: date }
}

/** Calls the URL that stands in the account, once; nothing is documented of a second call. @returns the answer's status */
export async function sendStop(url: string, stop: Stop | Record<string, string>, form: StopForm): Promise<number> {
  const { query, ...init } = requestIn(form, stop)
  const response = await fetch(query === undefined ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`, init)
  await response.arrayBuffer()
  return response.status
}

function requestIn(form: StopForm, stop: Stop | Record<string, string>): RequestInit & { query?: string } {
  const fields: Record<string, string> = { ...stop }
  const json = JSON.stringify(fields)
  const encoded = new URLSearchParams(fields).toString()
  const withBarePlus = encoded.replaceAll('%2B', '+')
  const typed = (body: string, type: string) => ({ method: 'POST', body, headers: { 'content-type': type } })
  switch (form) {
    case 'json':
      return typed(json, 'application/json')
    case 'json-as-form':
      return typed(json, 'application/x-www-form-urlencoded')
    case 'json-as-text':
      return typed(json, 'text/plain')
    case 'json-untyped':
      return { method: 'POST', body: new TextEncoder().encode(json) }
    case 'form':
      return typed(encoded, 'application/x-www-form-urlencoded')
    case 'form-bare-plus':
      return typed(withBarePlus, 'application/x-www-form-urlencoded')
    case 'multipart': {
      const body = new FormData()
      for (const [name, value] of Object.entries(fields)) body.set(name, value)
      return { method: 'POST', body }
    }
    case 'query':
      return { method: 'GET', query: encoded }
    case 'query-bare-plus':
      return { method: 'GET', query: withBarePlus }
    case 'post-query':
      return { method: 'POST', query: encoded }
  }
}

/**
 * `POST /_sim/stop` `{url, number, form?}`: somebody answers STOP. The number is blacklisted from then on, and the URL is
 * called. The answer tells the status that came.
 */
export function addStopRoute(app: FastifyInstance, blacklist: Set<string>): void {
  app.post('/_sim/stop', async (request, reply) => {
    const { url, number, form = 'json' } = readJson(request.body) ?? {}
    if (typeof url !== 'string' || !URL.canParse(url) || typeof number !== 'string' || !isStopForm(form))
      return reply.code(400).send({ error: `{"url", "number", "form"?: one of ${stopForms.join(', ')}} is wanted` })
    blacklist.add(number)
    return { status: await sendStop(url, stopOf(number), form) }
  })
}

function readJson(body: unknown): { url?: unknown; number?: unknown; form?: unknown } | undefined {
  try {
    return JSON.parse(String(body)) ?? undefined
  } catch {
    return undefined
  }
}

function isStopForm(form: unknown): form is StopForm {
  return stopForms.some((one) => one === form)
}
