import { readFileSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Call, gatewayCalls } from './gateway-calls.ts'
import { replaceFile } from './replace-file.ts'
import { uploadForm } from './upload-form.ts'

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
  /** Whether a file that is there already is overwritten. */
  readonly force: boolean
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

/** How long it waits before it looks again: twice as long each time, up to the longest. A small import is over at once. */
const firstLookMs = 50
const longestLookMs = 500
const barCells = 30

/** The key of `CONTACT_GATEWAY_KEY`, or of a file; never of an argument, which every process of the machine could read. */
export function readKey(keyFile: string | undefined, variable: string | undefined): string | undefined {
  return keyFile === undefined ? variable : readFileSync(keyFile, 'utf8').trim()
}

/**
 * Uploads a file, shows its progress, and writes what did not get in. Returns the exit code: 1 when rows failed. It goes on
 * when nobody reads its output any more.
 */
export async function importFile(command: ImportCommand, key: string, output: NodeJS.WriteStream): Promise<number> {
  const call = gatewayCalls(command.url, key)
  output.on('error', () => {})
  refuseToOverwrite(command)
  const begun = await upload(command, call)
  try {
    return await follow(begun, command, call, output)
  } catch (error) {
    throw new Error(
      `${(error as Error).message}\nThe import ${begun.id} was accepted and goes on without this command.`,
    )
  }
}

/** Before anything is uploaded: the rows in it may be those that somebody is mending. */
function refuseToOverwrite({ errorsFile, force }: ImportCommand): void {
  const there = force ? undefined : statSync(errorsFile, { throwIfNoEntry: false })
  if (there?.isFile() === true)
    throw new Error(
      `${errorsFile} is there already, and nothing was uploaded. Move it away, name another file with --errors, or overwrite it with --force.`,
    )
}

async function follow(begun: Import, { errorsFile }: ImportCommand, call: Call, output: NodeJS.WriteStream) {
  let state = begun
  for (const { detail } of state.warnings) output.write(`${detail}\n`)
  for (let lookMs = firstLookMs; isGoingOn(state); lookMs = Math.min(2 * lookMs, longestLookMs)) {
    draw(state, output)
    await sleep(lookMs)
    state = (await (await call(`/imports/${state.id}`)).json()) as Import
  }
  draw(state, output)
  output.write('\n')
  output.write(summarize(state))
  if (state.status === 'completed') return 0
  try {
    const errors = await call(`/imports/${state.id}/errors.csv`)
    await replaceFile(errorsFile, errors.body as AsyncIterable<Uint8Array>)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    process.stderr.write(
      `${state.status}: there are rows that did not get in, and ${errorsFile} does not hold them: ${code ?? message}. The gateway keeps them, at /imports/${state.id}/errors.csv.\n`,
    )
    return 1
  }
  output.write(
    `${state.status}: the rows that did not get in stand in ${errorsFile}. Mend them and import that file.\n`,
  )
  return 1
}

function isGoingOn({ status }: Import): boolean {
  return status === 'queued' || status === 'running'
}

async function upload({ file, list, options, validateOnly }: ImportCommand, call: Call): Promise<Import> {
  const { type, length, body, trouble } = await uploadForm(file, options)
  const path = `/lists/${encodeURIComponent(list)}/imports?validateOnly=${validateOnly}`
  // Not every proxy and server on the way takes a body whose length is not known.
  const headers = { 'content-type': type, ...(length !== undefined && { 'content-length': String(length) }) }
  const init = { method: 'POST', body, duplex: 'half', headers } as RequestInit
  const response = await call(path, init).catch((error) => {
    throw trouble() ?? error
  })
  return (await response.json()) as Import
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
