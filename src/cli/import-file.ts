import { createWriteStream, openAsBlob, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export type ImportCommand = {
  readonly file: string
  readonly list: string
  /** The gateway's address. */
  readonly url: string
  /** JSON, as the part `options` of the upload. */
  readonly options: string | undefined
  readonly validateOnly: boolean
  /** Where rows that did not get in are written. */
  readonly errorsFile: string
}

type Counts = Readonly<Record<string, number>>
type Import = {
  readonly id: string
  readonly status: string
  readonly rows: number
  readonly progress: Readonly<Record<string, Counts>>
  readonly losses: Readonly<Record<string, Counts>>
  readonly skippedBecause: Readonly<Record<string, Counts>>
  readonly warnings: readonly { readonly detail: string }[]
  readonly etaSeconds?: number
}

const lookEveryMs = 500
const barCells = 30

/** The key of `CONTACT_GATEWAY_KEY`, or of a file; never of an argument, which every process of the machine could read. */
export function readKey(keyFile: string | undefined, variable: string | undefined): string | undefined {
  return keyFile === undefined ? variable : readFileSync(keyFile, 'utf8').trim()
}

/** Uploads a file, shows its progress, and writes what did not get in. Returns the exit code: 1 when rows failed. */
export async function importFile(command: ImportCommand, key: string, output: NodeJS.WriteStream): Promise<number> {
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(new URL(path, command.url), { ...init, headers: { authorization: `Bearer ${key}` } })
    if (!response.ok) throw new Error(await explain(response))
    return response
  }
  let state = await upload(command, call)
  for (const { detail } of state.warnings) output.write(`${detail}\n`)
  while (state.status === 'queued' || state.status === 'running') {
    draw(state, output)
    await sleep(lookEveryMs)
    state = (await (await call(`/imports/${state.id}`)).json()) as Import
  }
  draw(state, output)
  output.write('\n')
  output.write(summarize(state))
  if (state.status === 'completed') return 0
  const errors = await call(`/imports/${state.id}/errors.csv`)
  await pipeline(Readable.fromWeb(errors.body as never), createWriteStream(command.errorsFile))
  output.write(
    `${state.status}: the rows that did not get in stand in ${command.errorsFile}. Mend them and import that file.\n`,
  )
  return 1
}

type Call = (path: string, init?: RequestInit) => Promise<Response>

async function upload({ file, list, options, validateOnly }: ImportCommand, call: Call): Promise<Import> {
  const form = new FormData()
  if (options !== undefined) form.append('options', options)
  form.append('file', await openAsBlob(file, { type: 'text/csv' }), basename(file))
  const path = `/lists/${encodeURIComponent(list)}/imports?validateOnly=${validateOnly}`
  return (await (await call(path, { method: 'POST', body: form })).json()) as Import
}

async function explain(response: Response): Promise<string> {
  const text = await response.text()
  try {
    const {
      title,
      detail,
      errors = [],
    } = JSON.parse(text) as { title: string; detail: string; errors?: { pointer: string; detail: string }[] }
    return [
      `${response.status} ${title}: ${detail}`,
      ...errors.map((error) => `  ${error.pointer}: ${error.detail}`),
    ].join('\n')
  } catch {
    return `${response.status} ${response.statusText}. Is --url the address of a contact-gateway?`
  }
}

function draw({ rows, progress, etaSeconds }: Import, output: NodeJS.WriteStream): void {
  if (!output.isTTY) return
  const pending = Object.values(progress).map((counts) => counts.pending ?? 0)
  const done = rows === 0 ? 1 : 1 - pending.reduce((sum, count) => sum + count, 0) / (rows * pending.length)
  const full = Math.round(done * barCells)
  const eta = etaSeconds === undefined ? '' : `  ${etaSeconds} s left`
  output.write(
    `\r[${'#'.repeat(full)}${'.'.repeat(barCells - full)}] ${Math.floor(done * 100)} % of ${rows} rows${eta}   `,
  )
}

/** What became of the rows at each account, and what they lost there. */
function summarize({ progress, losses, skippedBecause }: Import): string {
  const lines = Object.entries(progress).flatMap(([account, counts]) => [
    `  ${account}: ${describe(counts)}`,
    ...described('losses', losses[account]),
    ...described('skipped because', skippedBecause[account]),
  ])
  return lines.map((line) => `${line}\n`).join('')
}

function described(what: string, counts: Counts = {}): string[] {
  const text = describe(counts)
  return text === '' ? [] : [`    ${what}: ${text}`]
}

function describe(counts: Counts): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0)
  return parts.map(([status, count]) => `${count} ${status}`).join(', ')
}
