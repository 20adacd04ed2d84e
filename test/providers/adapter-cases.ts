import { expect, test } from 'vitest'
import type { Contact } from '../../src/domain/contact.ts'
import type {
  Adapter,
  Operation,
  OperationName,
  ProviderRequest,
  ProviderResponse,
} from '../../src/providers/adapter-port.ts'

/** One exchange with a provider: what goes out, what comes back, and what it means. */
export type Case = {
  readonly name: string
  readonly input: object
  readonly request: ProviderRequest
  readonly response: ProviderResponse
  readonly outcome: unknown
}

/** An answer alone, to the request of `input`. */
export type AnswerCase = Omit<Case, 'input' | 'request'>

/** Runs a table of exchanges: the request must be exactly the one named, and so must the outcome. */
export function runCases(adapter: Adapter, name: OperationName, cases: readonly Case[]): void {
  test.each(cases)(`${name}: $name`, ({ input, request, response, outcome }) => {
    const operation = operationOf(adapter, name)
    expect(operation.toRequest(input)).toStrictEqual(request)
    expect(operation.toOutcome(response, input)).toStrictEqual(outcome)
  })
}

/** Runs a table of answers to one and the same input. */
export function runAnswers(adapter: Adapter, name: OperationName, input: object, cases: readonly AnswerCase[]): void {
  test.each(cases)(`${name}: $name`, ({ response, outcome }) => {
    expect(operationOf(adapter, name).toOutcome(response, input)).toStrictEqual(outcome)
  })
}

/** An operation whose input types are forgotten, since the tables give them. */
export function operationOf(adapter: Adapter, name: OperationName): Operation<object, unknown> {
  const operation = adapter.operations[name]
  if (operation === undefined) throw new Error(`${adapter.id} has no ${name}`)
  return operation as unknown as Operation<object, unknown>
}

/** A contact with nothing but what is given. */
export function contact(members: Partial<Contact>): Contact {
  return {
    ref: undefined,
    name: undefined,
    firstName: undefined,
    lastName: undefined,
    email: undefined,
    phone: undefined,
    whatsapp: undefined,
    tags: [],
    attributes: {},
    ...members,
  }
}

/** An answer with a JSON body. */
export function answer(status: number, body: unknown): ProviderResponse {
  return { status, body, text: JSON.stringify(body) }
}

/** The same, given at a moment by the provider's clock, after a call of half a second. */
export function answerAt(date: string, status: number, body: unknown): ProviderResponse {
  return { ...answer(status, body), timing: { date: new Date(date).toUTCString(), tookMs: 500 } }
}

/** An answer that is no JSON. */
export function textAnswer(status: number, text: string): ProviderResponse {
  return { status, body: undefined, text }
}

export const htmlPage = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>'
