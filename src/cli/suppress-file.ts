import { appendFileSync, createReadStream, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { FileRefused } from '../imports/file/file-refusal.ts'
import { readCsv } from '../imports/file/read-csv.ts'
import { type Call, GatewayRefusal, gatewayCalls } from './gateway-calls.ts'

export type SuppressCommand = {
  /** CSV, with columns `email`, `phone`, `whatsapp`. */
  readonly file: string
  readonly url: string
  readonly reason: string
  readonly source: string | undefined
  readonly defaultCountry: string | undefined
}

type Entry = { readonly line: number; readonly column: string; readonly address: { phone: string } | { email: string } }
type Result = { readonly status: string; readonly id?: string; readonly error?: { readonly detail: string } }

const columns: Readonly<Record<string, 'email' | 'phone'>> = { email: 'email', phone: 'phone', whatsapp: 'phone' }
const atOnce = 1_000
const json = { 'content-type': 'application/json' }

/** The ids of what a file created, a line each, by which it can be taken back. There is no address in it. */
export function receiptOf(file: string): string {
  return `${file}.suppressed`
}

/** Puts everybody in a file on the suppression list, one entry for each address. Returns the exit code: 1 when some were not taken. */
export async function suppressFile(
  command: SuppressCommand,
  key: string,
  output: NodeJS.WritableStream,
): Promise<number> {
  const call = gatewayCalls(command.url, key)
  const counts = new Map<string, number>()
  let waiting: Entry[] = []
  const send = async () => {
    const sent = waiting
    waiting = []
    if (sent.length === 0) return
    const results = await post(command, sent, call)
    for (const [index, { status, id, error }] of results.entries()) {
      counts.set(status, (counts.get(status) ?? 0) + 1)
      const { line, column } = sent[index] as Entry
      if (error !== undefined) output.write(`line ${line}, ${column}: ${error.detail}\n`)
      if (status === 'created') appendFileSync(receiptOf(command.file), `${id}\n`)
    }
  }
  for await (const entry of entriesOf(command.file)) if (waiting.push(entry) === atOnce) await send()
  await send()
  output.write(`${[...counts].map(([status, count]) => `${count} ${status}`).join(', ') || 'nobody is in the file'}\n`)
  if (counts.has('created'))
    output.write(`What was created stands in ${receiptOf(command.file)}: --undo takes it back.\n`)
  return counts.has('rejected') ? 1 : 0
}

async function post(
  { reason, source, defaultCountry }: SuppressCommand,
  entries: readonly Entry[],
  call: Call,
): Promise<readonly Result[]> {
  const suppressions = entries.map(({ address }) => ({ ...address, reason, source }))
  const body = JSON.stringify({ suppressions, defaultCountry })
  const answer = await call('/suppressions', { method: 'POST', headers: json, body })
  return ((await answer.json()) as { results: readonly Result[] }).results
}

async function* entriesOf(file: string): AsyncGenerator<Entry, void, undefined> {
  const csv = await readCsv(createReadStream(file)).catch(refusal)
  const known = csv.header.map((name) => name.trim().toLowerCase())
  if (!known.some((name) => Object.hasOwn(columns, name)))
    throw new Error(`${file} has no column email, phone or whatsapp. Name one of its columns so.`)
  try {
    for await (const rows of csv.batches)
      for (const { cells, line } of rows)
        for (const [index, column] of known.entries()) {
          const [member, text] = [columns[column], cells[index]?.trim() ?? '']
          if (member === undefined || text === '') continue
          yield { line, column, address: member === 'phone' ? { phone: text } : { email: text } }
        }
  } catch (error) {
    refusal(error)
  }
}

function refusal(error: unknown): never {
  if (!(error instanceof FileRefused)) throw error
  throw new Error(error.refusal.detail)
}

/**
 * Takes back what a file created. Who was said again since, by whomever, stays on the list. Returns the exit code: 1 when
 * some stay.
 */
export async function undoSuppressions(
  { file, url }: Pick<SuppressCommand, 'file' | 'url'>,
  key: string,
  output: NodeJS.WritableStream,
): Promise<number> {
  const receipt = receiptOf(file)
  if (!existsSync(receipt)) throw new Error(`${receipt} is not there: nothing is known that ${file} created.`)
  const call = gatewayCalls(url, key)
  const ids = [...new Set(readFileSync(receipt, 'utf8').split('\n').filter(Boolean))]
  const left: string[] = []
  let removed = 0
  for (const id of ids) {
    const entry = await orGone(call(`/suppressions/${encodeURIComponent(id)}`))
    if (entry === undefined) continue
    const { createdAt, updatedAt } = (await entry.json()) as { createdAt: string; updatedAt: string }
    if (createdAt !== updatedAt) left.push(id)
    else if (
      (await orGone(call(`/suppressions/${encodeURIComponent(id)}?reason=${reason}`, { method: 'DELETE' }))) !==
      undefined
    )
      removed++
  }
  if (left.length === 0) rmSync(receipt)
  else writeFileSync(receipt, left.map((id) => `${id}\n`).join(''))
  output.write(`${removed} taken off the list\n`)
  if (left.length > 0)
    output.write(`${left.length} stay, as somebody has said them again since; they stand in ${receipt}\n`)
  return left.length > 0 ? 1 : 0
}

const reason = encodeURIComponent('undone by contact-gateway suppress --undo')

async function orGone(answer: Promise<Response>): Promise<Response | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof GatewayRefusal && error.status === 404) return undefined
    throw error
  }
}
