import type { RecordedRequest } from '../../../src/simulators/request-log.ts'
import type { Provider } from '../../support/start-fleet.ts'

export type Kind = 'phone' | 'email'

/** Somebody of the history, and what is promised of one of their addresses. */
export type Subject = {
  readonly kind: Kind
  readonly address: string
  /** When each channel was answered as suppressed; taken out again before it is taken back. */
  readonly promised: Map<string, number>
  /** One mending of an entry at a time. */
  isBusy: boolean
}

/** A contact on its way, told from all others by its name. `barred`: channels that were promised before it began. */
export type Sent = { readonly name: string; readonly subject: Subject; readonly barred: readonly string[] }

/** Which providers use the address of a contact for a channel; `*` is everybody. */
const users: Readonly<Record<Kind, Readonly<Record<string, readonly Provider[]>>>> = {
  phone: { '*': ['oblic', 'octopush', 'vobiz'], sms: ['oblic', 'octopush'], whatsapp: ['oblic', 'vobiz'] },
  email: { '*': ['oblic', 'octopush', 'vobiz'], email: ['oblic', 'octopush'] },
}

/** Contacts that reached a provider with an address on a channel that was suppressed before they were sent. */
export function broken(
  provider: Provider,
  requests: readonly RecordedRequest[],
  sent: ReadonlyMap<string, Sent>,
): string[] {
  return requests
    .filter(({ method }) => method !== 'GET')
    .flatMap(({ at, body }) => contactsIn(body).map((text) => ({ at, text })))
    .flatMap(({ at, text }) => {
      const one = sent.get(/op-\d+-\d+/.exec(text)?.[0] ?? '')
      if (one === undefined) return []
      const { kind, address } = one.subject
      const hasAddress = text.includes(kind === 'phone' ? address.slice(1) : address)
      return one.barred
        .filter((channel) => users[kind][channel]?.includes(provider) === true && (channel === '*' || hasAddress))
        .map((channel) => `${one.name} reached ${provider} at ${at} although ${address} was suppressed for ${channel}`)
    })
}

/** The contacts of a request, each as text: objects with a name of ours, or lines of a file. */
function contactsIn(body: unknown): string[] {
  if (typeof body === 'string') return body.split('\n').filter((line) => line.includes('op-'))
  if (body === null || typeof body !== 'object') return []
  const values = Object.values(body)
  return values.some((value) => typeof value === 'string' && value.startsWith('op-'))
    ? [JSON.stringify(body)]
    : values.flatMap(contactsIn)
}
