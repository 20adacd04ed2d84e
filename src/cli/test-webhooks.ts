import { randomUUID } from 'node:crypto'
import { formatMistakes, loadConfig } from '../config/load.ts'
import type { GatewayConfig } from '../config/schema.ts'
import type { WebhookConfig } from '../config/webhooks.ts'
import { testData } from '../http/webhooks/event-schema.ts'
import { isCalled, open } from '../live-endpoints.ts'
import { bodyOf, eventIdOf } from '../services/events/event-body.ts'
import type { PostResult } from '../transport/webhooks/open-endpoint.ts'
import { print } from './print.ts'

const configurationError = 78

/** Sends a test event to each webhook of a client that has an endpoint, and prints what came of it; returns the exit code. */
export async function testWebhooks(client: string, env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const loaded = loadConfig({ env })
  if (!('config' in loaded)) {
    const why = 'mistakes' in loaded ? formatMistakes(loaded.mistakes) : 'GATEWAY_CONFIG is not set: name the file.'
    process.stderr.write(`${why}\n`)
    return configurationError
  }
  const found = endpointsOf(client, loaded.config)
  if (typeof found === 'string') {
    process.stderr.write(`${found}\n`)
    return 1
  }
  const results = await Promise.all(found.map((webhook) => tryOne(client, webhook)))
  await print(`${results.map(({ line }) => line).join('\n')}\n`)
  return results.every(({ isTaken }) => isTaken) ? 0 : 1
}

function endpointsOf(client: string, { clients }: GatewayConfig): readonly WebhookConfig[] | string {
  const { webhooks } = clients.get(client) ?? {}
  if (webhooks === undefined) return `There is no client ${client}. There are: ${[...clients.keys()].join(', ')}.`
  return webhooks.length > 0 ? webhooks : `The client ${client} has no webhooks in the configuration.`
}

async function tryOne(client: string, webhook: WebhookConfig) {
  if (!isCalled(webhook)) return { isTaken: true, line: keptToRead }
  const endpoint = open(webhook)
  const at = Date.now()
  const id = eventIdOf(client, 'test', randomUUID())
  try {
    const result = await endpoint.post({ id, at, body: bodyOf({ type: 'test', at, data: testData }) })
    const { isTaken, words } = judge(result)
    return { isTaken, line: `${webhook.url}: ${words} (webhook-id ${id}, ${Date.now() - at} ms)` }
  } finally {
    await endpoint.close()
  }
}

const keptToRead = 'no url: nobody is called; the client reads its events with GET /webhooks/deliveries?payload=true'

function judge(result: PostResult): { readonly isTaken: boolean; readonly words: string } {
  if ('failure' in result) return { isTaken: false, words: failures[result.failure] }
  const { status } = result
  if (status >= 200 && status < 300) return { isTaken: true, words: `took the event, HTTP ${status}` }
  const why = status === 401 || status === 403 ? ': does it check with the secret that is configured here?' : ''
  return { isTaken: false, words: `answered HTTP ${status}${why}` }
}

const failures: Readonly<Record<Extract<PostResult, { failure: string }>['failure'], string>> = {
  redirected: 'redirects, which is not followed: configure where it leads to',
  timeout: 'did not answer within 15 s, or broke the connection',
  unreachable: 'is out of reach: its name is not known, or it takes no connection, or its certificate is not good',
  address_refused: 'leads to an address that events may not go to: one in a private network needs allowPrivate: true',
}
