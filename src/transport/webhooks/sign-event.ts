import { Webhook } from 'standardwebhooks'

/** An event as it is sent. `at`: milliseconds since 1970. */
export type SignedEvent = { readonly id: string; readonly at: number; readonly body: string }

const secondMs = 1_000

/** The headers of Standard Webhooks: one signature by each secret, with blanks between. */
export function signEvent({ id, at, body }: SignedEvent, secrets: readonly string[]): Readonly<Record<string, string>> {
  const time = new Date(at)
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / secondMs)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, time, body)).join(' '),
  }
}
