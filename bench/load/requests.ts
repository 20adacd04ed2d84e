import type { Answer } from './connection.ts'

/** Makes the requests of a workload, and tells right answers from wrong ones. */
export type Requests = {
  /** The request number `n`, as bytes. */
  make(n: number): string
  /** Why the answer to the request number `n` is wrong; `undefined` when it is right. */
  fault(n: number, answer: Answer): string | undefined
}

/** Says which requests to make; plain data, for it is sent to another process. */
export type RequestKind =
  /** A contact with a fresh idempotency key each, to one account. */
  | { readonly kind: 'add'; readonly authorization: string; readonly account: string }
  /** The same request with the same key again and again, which was answered before. */
  | { readonly kind: 'replay'; readonly authorization: string; readonly account: string; readonly keys: number }
  /** So many contacts to a list, with a fresh idempotency key each. */
  | {
      readonly kind: 'batch'
      readonly authorization: string
      readonly list: string
      readonly contacts: number
      readonly accounts: number
    }
  /** What the gateway would send to the provider, for those that only pass it on. */
  | { readonly kind: 'pass' }
  /** A chat completion that is passed on to the upstream of a custom host. */
  | { readonly kind: 'chat'; readonly upstream: string }

/** Each process that generates load has keys and people of its own. */
const run = `${Date.now().toString(36)}-${process.pid}`

/** Number `n` of ten million people; the simulators have a use of their own for numbers that end in 0404. */
export function phoneOf(n: number): string {
  const seven = n % 10_000_000
  return `+9198${String(seven % 10_000 === 404 ? seven + 1 : seven).padStart(8, '0')}`
}

const contactOf = (n: number) =>
  `{"name":"Jane Smith","email":"jane-${n}@example.com","phone":"${phoneOf(n)}","tags":["vip"]}`
const passedOf = (n: number) =>
  `{"phone_number":"${phoneOf(n)}","name":"Jane Smith","tags":["vip"],"custom_attributes":{"email":"jane-${n}@example.com"}}`

export function requestsOf(kind: RequestKind): Requests {
  switch (kind.kind) {
    case 'add':
      return adds(kind, (n) => `bench-${run}-${n}`)
    case 'replay':
      return replays(kind)
    case 'batch':
      return batches(kind)
    case 'pass':
      return {
        make: (n) => post('/api/v1/messaging/contacts', 'x-auth-id: bench\r\nx-auth-token: bench\r\n', passedOf(n)),
        fault: (n, answer) => expect(answer, 201, `"phone_number":"${phoneOf(n)}"`),
      }
    case 'chat': {
      const headers = `authorization: Bearer bench\r\nx-portkey-provider: openai\r\nx-portkey-custom-host: ${kind.upstream}/v1\r\n`
      return {
        make: (n) =>
          post(
            '/v1/chat/completions',
            headers,
            `{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Add Jane Smith, jane-${n}@example.com, ${phoneOf(n)}"}]}`,
          ),
        fault: (n, answer) => expect(answer, 200, phoneOf(n)),
      }
    }
  }
}

function adds({ authorization, account }: { authorization: string; account: string }, keyOf: (n: number) => string) {
  return {
    make: (n: number) =>
      post(
        `/contacts?account=${account}`,
        `authorization: ${authorization}\r\nidempotency-key: ${keyOf(n)}\r\n`,
        contactOf(n),
      ),
    fault: (n: number, answer: Answer) => expect(answer, 201, '"status":"created"', `"phone":"${phoneOf(n)}"`),
  }
}

/** The first request under each key stores an answer; all later ones have to get the same one, byte for byte. */
function replays(kind: Extract<RequestKind, { kind: 'replay' }>): Requests {
  const first = new Map<number, string>()
  const add = adds(kind, (n) => `bench-replay-${run}-${n}`)
  return {
    make: (n) => add.make(n % kind.keys),
    fault(n, answer) {
      const of = n % kind.keys
      const stored = first.get(of)
      if (stored === undefined) {
        const fault = add.fault(of, answer)
        if (fault === undefined) first.set(of, answer.body)
        return fault
      }
      if (answer.body !== stored) return `not the stored answer, but ${answer.status}: ${answer.body.slice(0, 200)}`
      return answer.head.includes('\r\nidempotency-replayed: true') ? undefined : 'not a replay'
    },
  }
}

function batches({ authorization, list, contacts, accounts }: Extract<RequestKind, { kind: 'batch' }>): Requests {
  return {
    make(n) {
      const items = Array.from({ length: contacts }, (_, place) => contactOf(n * contacts + place))
      const headers = `authorization: ${authorization}\r\nidempotency-key: bench-${run}-${n}\r\n`
      return post(`/lists/${list}/contacts`, headers, `{"contacts":[${items.join(',')}]}`)
    },
    fault(_, answer) {
      const wrong = expect(answer, 207, `"contacts":${contacts}`)
      if (wrong !== undefined) return wrong
      if (!answer.head.includes('\r\nx-items-failed: 0')) return `outcomes failed: ${answer.body.slice(0, 300)}`
      const { results } = JSON.parse(answer.body) as { results: { outcomes: { status: string }[] }[] }
      const good = results.filter(({ outcomes }) => outcomes.length === accounts).length
      return good === contacts ? undefined : `${good} of ${contacts} results have ${accounts} outcomes`
    },
  }
}

/** What the head of every request begins with, but for the path. */
function post(path: string, headers: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

function expect({ status, body }: Answer, expected: number, ...parts: string[]): string | undefined {
  if (status !== expected) return `${status} instead of ${expected}: ${body.slice(0, 300)}`
  const missing = parts.find((part) => !body.includes(part))
  return missing === undefined ? undefined : `no ${missing} in ${body.slice(0, 300)}`
}
