import type { ServerResponse } from 'node:http'
import type { ExpectStatic } from 'vitest'
import type { Replica } from '../../support/start-fleet.ts'
import type { ReceivedEvent, Receiver } from '../../support/start-receiver.ts'

/** Of a client that causes events, and is told of them with addresses. */
export const scopes = ['contacts:read', 'contacts:write', 'imports', 'suppressions:read', 'suppressions:write', 'admin']
export const toldEvents = ['import.finished', 'suppressions.changed']

/** What was answered as done, each of which has to be told. */
export type Causes = { readonly suppressed: string[]; readonly imports: string[] }

/** Puts three people on the list; the ids of their entries, or none where it was not answered as done. */
export async function suppressThree(replica: Replica, round: number): Promise<readonly string[]> {
  const suppressions = [0, 1, 2].map((one) => ({ email: `person-${round}-${one}@example.com`, reason: 'opt_out' }))
  const answer = await replica.call('POST', '/suppressions', { body: { suppressions } })
  return answer.status === 207 ? answer.body.results.map(({ id }: { id: string }) => id) : []
}

/** Imports two rows; the id of the import, or none where it was not answered as taken. */
export async function uploadTwo(replica: Replica, round: number): Promise<readonly string[]> {
  const csv = `name,email\nJane,import-${round}@example.com\nJohn,other-${round}@example.com\n`
  const form = new FormData()
  form.append('file', new Blob([csv], { type: 'text/csv' }), 'people.csv')
  const response = await fetch(`${replica.url}/lists/mail/imports`, {
    method: 'POST',
    body: form,
    headers: { authorization: replica.authorization },
  })
  const body = (await response.json()) as { id: string }
  return response.status === 202 ? [body.id] : []
}

/** Of every third event the first try is not answered; `thinks` is called when one is not. What it gives back ends these tries. */
export function hangNowAndThen(receiver: Receiver, thinks: () => void): () => void {
  const unanswered = new Set<ServerResponse>()
  receiver.answer((response, event) => {
    const isFirst = receiver.events.filter(({ id }) => id === event.id).length === 1
    if (!isFirst || receiver.events.length % 3 !== 0) return void response.writeHead(204).end()
    unanswered.add(response)
    thinks()
  })
  return () => {
    for (const response of unanswered) response.destroy()
    unanswered.clear()
  }
}

/** Waits until all is told, each under one id with one body, and an import once; then nothing waits, and no address is left. */
export async function allIsTold(
  expect: ExpectStatic,
  receiver: Receiver,
  replicas: readonly Replica[],
  causes: Causes,
): Promise<void> {
  receiver.answer((response) => response.writeHead(204).end())
  const of = (type: string) => receiver.events.filter(({ body }) => body.type === type)
  // What somebody held who was killed is free when its lease ends, and a busy machine has much to do then.
  const patience = { timeout: 120_000, interval: 250 }
  const told = () => new Set(of('suppressions.changed').flatMap(({ body }) => body.data.ids as string[]))
  await expect.poll(() => causes.suppressed.filter((id) => !told().has(id)), patience).toEqual([])
  const finished = () => new Set(of('import.finished').map(({ body }) => body.data.id as string))
  await expect.poll(() => causes.imports.filter((id) => !finished().has(id)), patience).toEqual([])

  expect(receiver.refused).toEqual([])
  const byId = Map.groupBy(receiver.events, ({ id }: ReceivedEvent) => id)
  for (const repeats of byId.values()) expect(new Set(repeats.map(({ text }) => text)).size).toBe(1)
  // One import is one event, whoever told it.
  const ends = [...byId.values()].filter(([one]) => one?.body.type === 'import.finished')
  expect(ends).toHaveLength(finished().size)
  const [survivor] = replicas as [Replica]
  const pending = async () => {
    const { status, body } = await survivor.call('GET', '/webhooks/deliveries?state=pending')
    return status === 200 ? body.items : body
  }
  await expect.poll(pending, patience).toEqual([])
  const kept = await survivor.call('GET', '/webhooks/deliveries?payload=true&limit=100')
  expect(kept.body.items.length).toBeGreaterThan(0)
  expect(kept.text).not.toContain('@example.com')
  for (const replica of replicas) expect(replica.output()).not.toContain('@example.com')
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
