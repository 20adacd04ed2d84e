import { readFileSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Call, gatewayCalls } from './gateway-calls.ts'
import { accountsTable, drawProgress, type ImportState, summarize } from './import-texts.ts'
import { inspectUpload } from './inspect-upload.ts'
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
  /** Show what the file is taken for and what each account would get, and leave nothing behind. */
  readonly dryRun?: boolean
  /** Where rows that did not get in are written. */
  readonly errorsFile: string
  /** Whether a file that is there already is overwritten. */
  readonly force: boolean
}

/** How long it waits before it looks again: twice as long each time, up to the longest. A small import is over at once. */
const firstLookMs = 50
const longestLookMs = 500

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
  if (command.dryRun === true) return dryRun(command, call, output)
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

async function follow(begun: ImportState, { errorsFile }: ImportCommand, call: Call, output: NodeJS.WriteStream) {
  for (const { detail } of begun.warnings) output.write(`${detail}\n`)
  const state = await watch(begun, call, output)
  output.write(`\n${summarize(state)}`)
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

/** Shows how far an import is, until it has ended. */
async function watch(begun: ImportState, call: Call, output: NodeJS.WriteStream): Promise<ImportState> {
  let state = begun
  for (let lookMs = firstLookMs; isGoingOn(state); lookMs = Math.min(2 * lookMs, longestLookMs)) {
    drawProgress(state, output)
    await sleep(lookMs)
    state = (await (await call(`/imports/${state.id}`)).json()) as ImportState
  }
  drawProgress(state, output)
  return state
}

/** Nothing is sent to a provider, written here, or left at the gateway. */
async function dryRun(command: ImportCommand, call: Call, output: NodeJS.WriteStream): Promise<number> {
  output.write(await inspectUpload(command, call))
  const begun = await upload({ ...command, validateOnly: true }, call)
  const state = await watch(begun, call, output)
  output.write(`${output.isTTY ? '\n' : ''}${accountsTable(state)}`)
  // If it stays, it goes by itself in a week.
  await call(`/imports/${state.id}`, { method: 'DELETE' }).catch(() => {})
  return state.status === 'completed' ? 0 : 1
}

function isGoingOn({ status }: ImportState): boolean {
  return status === 'queued' || status === 'running'
}

async function upload({ file, list, options, validateOnly }: ImportCommand, call: Call): Promise<ImportState> {
  const { type, length, body, trouble } = await uploadForm(file, options)
  const path = `/lists/${encodeURIComponent(list)}/imports?validateOnly=${validateOnly}`
  // Not every proxy and server on the way takes a body whose length is not known.
  const headers = { 'content-type': type, ...(length !== undefined && { 'content-length': String(length) }) }
  const init = { method: 'POST', body, duplex: 'half', headers } as RequestInit
  const response = await call(path, init).catch((error) => {
    throw trouble() ?? error
  })
  return (await response.json()) as ImportState
}
