import { hash } from 'node:crypto'
import type { ClientConfig } from './config/client-schema.ts'
import type { GatewayConfig } from './config/schema.ts'
import type { WebhookConfig } from './config/webhooks.ts'
import type { OrderedEventType } from './domain/caller-event.ts'
import type { Endpoints, EventEndpoint } from './services/events/endpoints.ts'
import { type Endpoint, openEndpoint } from './transport/webhooks/open-endpoint.ts'

/** Where clients are told of events, by a configuration that can be exchanged while the gateway runs. */
export type LiveEndpoints = {
  readonly all: Endpoints
  wants(type: OrderedEventType): boolean
  /** Whether any of them is told of addresses. */
  wantAddresses(): boolean
  /** Takes a configuration over. Endpoints whose entries it does not change keep their connections. */
  replace(config: Pick<GatewayConfig, 'clients'>): void
  close(): Promise<void>
}

/** Longer than a try may take: it ends with the connection that it began with. */
const graceMs = 20_000

/** `endpoint` is absent where nobody is called. */
type Opened = { readonly entry: string; readonly endpoint: Endpoint | undefined }

export function createLiveEndpoints(config: Pick<GatewayConfig, 'clients'>): LiveEndpoints {
  const all = new Map<string, EventEndpoint>()
  let opened = new Map<string, Opened>()

  const replace = ({ clients }: Pick<GatewayConfig, 'clients'>): void => {
    const next = new Map<string, Opened>()
    all.clear()
    for (const client of clients.values())
      for (const [index, webhook] of client.webhooks.entries()) {
        const entry = entryOf(webhook)
        const known = opened.get(webhook.id)
        const { endpoint } = known?.entry === entry ? known : { endpoint: openIfCalled(webhook) }
        next.set(webhook.id, { entry, endpoint })
        all.set(webhook.id, toEndpoint(client, index, webhook, entry, endpoint))
      }
    for (const [id, { endpoint }] of opened)
      if (next.get(id)?.endpoint !== endpoint) setTimeout(() => endpoint?.close(), graceMs).unref()
    opened = next
  }
  replace(config)
  return {
    all,
    wants: (type) => [...all.values()].some(({ events }) => events.has(type)),
    wantAddresses: () => [...all.values()].some(({ addresses }) => addresses),
    replace,
    async close() {
      await Promise.all([...opened.values()].map(({ endpoint }) => endpoint?.close()))
    },
  }
}

function toEndpoint(
  { id: client, mayUseAccount }: ClientConfig,
  index: number,
  { id, url, events, addresses }: WebhookConfig,
  entry: string,
  endpoint: Endpoint | undefined,
): EventEndpoint {
  return {
    id,
    client,
    url,
    place: `clients.${client}.webhooks[${index}]`,
    entry,
    events: new Set(events),
    addresses,
    mayUseAccount,
    send: endpoint && ((event) => endpoint.post(event)),
  }
}

function openIfCalled(webhook: WebhookConfig): Endpoint | undefined {
  return isCalled(webhook) ? open(webhook) : undefined
}

/** An entry of somebody who is called. */
export type CalledWebhook = WebhookConfig & { readonly url: string }
export function isCalled(webhook: WebhookConfig): webhook is CalledWebhook {
  return webhook.url !== undefined
}

/** Opens the way to an endpoint as it is configured. */
export function open({ url, secrets, allowPrivate, isLocal, egress }: CalledWebhook): Endpoint {
  return openEndpoint({
    url,
    secrets: secrets.map((secret) => secret.reveal()),
    allowPrivate,
    allowLoopback: allowPrivate || isLocal,
    egress: { proxy: egress.proxy?.reveal(), localAddress: egress.localAddress },
  })
}

/** Whatever is changed in an entry, this is another text. */
function entryOf({ url, secrets, events, allowPrivate, addresses, egress }: WebhookConfig): string {
  const revealed = secrets.map((secret) => secret.reveal())
  const way = [egress.proxy?.reveal(), egress.localAddress]
  return hash('sha256', JSON.stringify([url, revealed, events, allowPrivate, addresses, way]))
}
