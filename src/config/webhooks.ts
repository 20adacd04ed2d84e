import { hash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { type OrderedEventType, orderedEventTypes, scopeOfEvent } from '../domain/caller-event.ts'
import { type Egress, egressOf, type Ways } from './egress.ts'
import type { Path } from './mistakes.ts'
import type { Sound } from './read-shape.ts'
import type { Reading } from './reading.ts'
import { Secret } from './secret.ts'
import { isLoopback } from './urls.ts'

/** Where a client is told of events, and which. */
export const WebhookSchema = Type.Object(
  {
    /** Absent: nobody is called, and the events are kept for the client to read. */
    url: Type.Optional(Type.String()),
    /** Of an entry with a URL. Several while one is exchanged for another: an event is signed by each. */
    secrets: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, maxItems: 4, expects: 'a list of one to four secrets' }),
    ),
    events: Type.Array(Type.Enum([...orderedEventTypes]), {
      minItems: 1,
      expects: `a list of one or more of ${orderedEventTypes.join(', ')}`,
    }),
    /** Whether it may lie in a private network. */
    allowPrivate: Type.Boolean({ default: false }),
    /** Whether changes of the suppression list are told with the addresses. */
    addresses: Type.Boolean({ default: false }),
  },
  { secretKeys: true },
)

export const WebhooksSchema = Type.Array(WebhookSchema, { maxItems: 10, default: [], expects: 'a list of endpoints' })

export type WebhookConfig = {
  /** 16 hexadecimal digits: the same for the same client and URL. */
  readonly id: string
  /** Absent: nobody is called. */
  readonly url: string | undefined
  readonly secrets: readonly Secret[]
  readonly events: readonly OrderedEventType[]
  readonly allowPrivate: boolean
  readonly addresses: boolean
  /** Stays on this machine: it need not be public, nor speak TLS. Never in production. */
  readonly isLocal: boolean
  readonly egress: Egress
}

/** What webhooks are checked by, beside their client. */
export type WebhookSurroundings = {
  readonly ways: Ways
  readonly hasStoreKey: boolean
  readonly production: boolean
  /** Secrets of the endpoints that were read before, and where they stand. */
  readonly secretsSeen: Map<string, string>
}

type Given = readonly (Sound<Static<typeof WebhookSchema>> | undefined)[]
type Owner = { readonly id: string; readonly scopes: readonly unknown[] }

/** Reads the `webhooks` of a client; complete only when no mistake was noted. */
export function readWebhooks(
  given: Given,
  client: Owner,
  path: Path,
  around: WebhookSurroundings,
  reading: Reading,
): readonly WebhookConfig[] {
  const urls = new Set<string>()
  return given.flatMap((entry, index) => {
    const place = [...path, index]
    const url = readUrl(entry?.url, [...place, 'url'], around, reading)
    if (url !== undefined && urls.has(url.href)) reading.mistakes.add([...place, 'url'], 'stands there twice')
    if (url !== undefined) urls.add(url.href)
    if (entry !== undefined && !('url' in entry)) {
      if (urls.has(nobody)) reading.mistakes.add([...place, 'url'], missingTwice)
      urls.add(nobody)
    }
    if (entry !== undefined) checkCalled(entry, place, reading)
    const secrets = readSecrets(entry?.secrets ?? [], [...place, 'secrets'], client.id, around, reading)
    checkEvents(entry?.events ?? [], client.scopes, [...place, 'events'], reading)
    if (entry?.addresses === true) checkAddresses(entry.events ?? [], [...place, 'addresses'], around, reading)
    if (entry === undefined || (url === undefined && 'url' in entry)) return []
    const { events = [], allowPrivate = false, addresses = false } = entry
    const webhook: WebhookConfig = {
      id: endpointId(client.id, url?.href ?? nobody),
      url: url?.href,
      secrets,
      events: events.filter((event) => event !== undefined),
      allowPrivate,
      addresses,
      isLocal: !around.production && url !== undefined && isLoopback(url),
      egress: url === undefined ? noWay : egressOf({}, around.ways, url.href, reading),
    }
    return [webhook]
  })
}

/** In the place of a URL, where there is none. */
const nobody = ''
const noWay: Egress = { proxy: undefined, localAddress: undefined }

/** An entry with a URL is signed for; what only makes sense where somebody is called is refused where nobody is. */
function checkCalled(
  entry: Sound<Static<typeof WebhookSchema>>,
  place: Path,
  { mistakes }: Pick<Reading, 'mistakes'>,
): void {
  const { secrets, allowPrivate, addresses } = entry
  if ('url' in entry) {
    if (secrets === undefined) mistakes.add([...place, 'secrets'], 'is missing')
  } else if (secrets !== undefined || allowPrivate === true || addresses === true)
    mistakes.add([...place, 'url'], missing)
}

const missing =
  'is missing: secrets, allowPrivate and addresses are for an entry that has one. Leave them out where nobody is to be called: the client reads its events with GET /webhooks/deliveries then'
const missingTwice = 'is missing, as in an entry before: one without a URL is enough'

function endpointId(client: string, url: string): string {
  return hash('sha256', `${client}\n${url}`).slice(0, 16)
}

function readUrl(
  text: string | undefined,
  path: Path,
  { production }: WebhookSurroundings,
  { mistakes }: Reading,
): URL | undefined {
  if (text === undefined) return undefined
  const url = /^https?:\/\//i.test(text) && !/[@#\s\\]/.test(text) ? URL.parse(text) : null
  if (url === null || (url.protocol === 'http:' && (production || !isLoopback(url)))) {
    mistakes.add(path, notHttps)
    return undefined
  }
  return url
}

const notHttps =
  'must be an https:// URL without user name, password and fragment (http:// is for this machine alone, outside of production)'

function checkEvents(events: readonly unknown[], scopes: readonly unknown[], path: Path, { mistakes }: Reading): void {
  events.forEach((event, index) => {
    const scope = scopeOfEvent[event as OrderedEventType]
    if (events.indexOf(event) < index) mistakes.add([...path, index], 'stands there twice')
    else if (scope !== undefined && !scopes.includes(scope))
      mistakes.add([...path, index], `needs the scope ${scope}, which the client does not have`)
  })
}

function checkAddresses(
  events: readonly unknown[],
  path: Path,
  { hasStoreKey }: WebhookSurroundings,
  { mistakes }: Reading,
): void {
  if (!events.includes('suppressions.changed'))
    mistakes.add(path, 'is for endpoints with the event suppressions.changed')
  if (!hasStoreKey) mistakes.add(path, 'needs STORE_KEY: addresses are kept encrypted until they are delivered')
}

function readSecrets(
  given: readonly (string | undefined)[],
  path: Path,
  client: string,
  { secretsSeen }: WebhookSurroundings,
  { mistakes }: Reading,
): readonly Secret[] {
  return given.flatMap((text, index) => {
    if (text === undefined) return []
    const place = [...path, index]
    const bytes = parseWebhookSecret(text)
    const name = bytes?.toString('hex') ?? ''
    if (bytes === undefined) mistakes.add(place, noSecret)
    else if (new Set(bytes).size < fewestBytes) mistakes.add(place, `is not random: ${makeOne}`)
    else if (secretsSeen.has(name))
      mistakes.add(place, `is a secret of client ${secretsSeen.get(name)} already: each endpoint has its own`)
    secretsSeen.set(name, client)
    return [new Secret(text)]
  })
}

/** Random bytes are nearly all different. */
const fewestBytes = 12
const makeOne = '`echo "whsec_$(openssl rand -base64 32)"` makes one'
const noSecret = `must be whsec_ and 24 to 64 random bytes in base64: ${makeOne}`
const [shortest, longest] = [24, 64]

function parseWebhookSecret(text: string): Buffer | undefined {
  const [, base64] = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/.exec(text) ?? []
  const bytes = base64 === undefined ? undefined : Buffer.from(base64, 'base64')
  if (bytes === undefined || bytes.toString('base64') !== base64) return undefined
  return bytes.length >= shortest && bytes.length <= longest ? bytes : undefined
}
