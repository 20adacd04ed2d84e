import { existsSync } from 'node:fs'
import { settingsOf } from '../config/compare-verified.ts'
import { formatMistakes, loadConfig } from '../config/load.ts'
import { errorCode } from '../config/reading.ts'
import type { AccountConfig, GatewayConfig } from '../config/schema.ts'
import type { Build } from '../domain/build.ts'
import type { ProbeSet } from '../providers/probing.ts'
import { describeRequest, foresee } from '../verify/foresee.ts'
import { beginJournal, type JournalHead, type OpenJournal, readJournal, resumeJournal } from '../verify/journal.ts'
import { exitCodeOf, makeReport, type Report } from '../verify/report.ts'
import { cleanUp, type Run, runVerification } from '../verify/run-verification.ts'
import { writeMarkdown } from '../verify/write-markdown.ts'
import { findSuppressed } from './find-suppressed.ts'
import { print } from './print.ts'
import { printReport } from './print-report.ts'
import { withAccount } from './reach-account.ts'
import { replaceFile } from './replace-file.ts'
import { type People, readPeople, type VerifyFlags } from './verify-options.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What could not be done, in words for the person who called. */
class NotDone extends Error {}

/**
 * Verifies an account against its provider and prints what was seen; returns the exit code: 0, 1 where the configuration
 * contradicts what was seen, 2 where it could not be done.
 */
export async function verifyAccount(id: string, flags: VerifyFlags, env: Environment, build: Build): Promise<number> {
  try {
    const { config, account, set } = findAccount(id, env)
    return flags.cleanUp ? await finishRun(account, set, flags) : await startRun(config, account, set, flags, build)
  } catch (error) {
    if (!(error instanceof NotDone)) throw error
    process.stderr.write(`${error.message}\n`)
    return 2
  }
}

function findAccount(id: string, env: Environment) {
  const loaded = loadConfig({ env })
  if ('mistakes' in loaded) throw new NotDone(formatMistakes(loaded.mistakes))
  if ('sandbox' in loaded)
    throw new NotDone('Name the configuration file in GATEWAY_CONFIG; the sandbox prints its own.')
  const { config } = loaded
  const account = config.accounts.get(id)
  if (account === undefined)
    throw new NotDone(`There is no account ${id}. There are: ${[...config.accounts.keys()].join(', ')}.`)
  const set = account.adapter.probes
  if (set === undefined) throw new NotDone(`Nothing is open of ${account.adapter.title} that calls could settle.`)
  return { config, account, set }
}

async function startRun(
  config: GatewayConfig,
  account: AccountConfig,
  set: ProbeSet,
  flags: VerifyFlags,
  build: Build,
) {
  const now = Date.now()
  const people = readPeople(flags, set, now)
  if (typeof people === 'string') throw new NotDone(people)
  const notes = flags.yesWrite ? await asideFromSuppressed(config, people) : []
  const journal = flags.yesWrite ? openJournal(account, people, flags) : undefined
  if (set.caution !== undefined && flags.yesWrite) await print(`${set.caution}\n`)
  const run = await withAccount(account, (surroundings) =>
    runVerification(set, { ...people, made: [], written: [] }, surroundings, journal),
  )
  closeJournal(journal, run, flags, account.id)
  if (!flags.yesWrite) await printForeseen(set, people)
  const { adapter, baseUrl } = account
  const about = {
    account: account.id,
    provider: adapter.id,
    title: adapter.title,
    baseUrl,
    set,
    configured: settingsOf(account),
  }
  const report = makeReport(about, run, { at: now, build, notes })
  await printReport(report)
  if (flags.report !== undefined) await writeReport(report, adapter.title, flags.report)
  return exitCodeOf(run, report)
}

async function asideFromSuppressed(config: GatewayConfig, people: People): Promise<readonly string[]> {
  const asked = await findSuppressed(config, people)
  if (asked === 'none') return []
  if (asked === 'some') throw new NotDone('A test person is on the suppression list. Nobody on it is written to.')
  return ['The suppression list could not be asked whether the test people are on it.']
}

function openJournal({ id, adapter, baseUrl }: AccountConfig, people: People, flags: VerifyFlags): OpenJournal {
  const path = journalPath(id, flags)
  if (existsSync(path))
    throw new NotDone(`An earlier run was interrupted: call it with --clean-up first (its journal is ${path}).`)
  return orNotDone(path, () => beginJournal(path, { account: id, provider: adapter.id, baseUrl, people }))
}

/** What the disk does not take is told before anything is written at the provider. */
function orNotDone<Value>(path: string, act: () => Value): Value {
  try {
    return act()
  } catch (error) {
    throw new NotDone(`${path} cannot be written (${errorCode(error)}).`)
  }
}

/** Beside the report, or in the folder that it is called from. */
function journalPath(account: string, { report }: VerifyFlags): string {
  return report === undefined ? `cgw-verify-${account}.journal` : `${baseOf(report)}.journal`
}

const baseOf = (report: string) => report.replace(/\.(?:md|json)$/, '')

/** It stays where something may be left. */
function closeJournal(journal: OpenJournal | undefined, { left }: Run, flags: VerifyFlags, account: string): void {
  journal?.close()
  if (left === undefined) journal?.remove()
  else if (journal !== undefined)
    process.stderr.write(`${left} ${journalPath(account, flags)} notes what was written; --clean-up tries again.\n`)
}

/** Tidies up after a run that was interrupted. */
async function finishRun(account: AccountConfig, set: ProbeSet, flags: VerifyFlags): Promise<number> {
  const path = journalPath(account.id, flags)
  if (!existsSync(path)) throw new NotDone(`There is nothing to clean up: ${path} is not there.`)
  const noted = readJournal(path)
  if (noted === undefined) throw new NotDone(`${path} is no journal of a run.`)
  const { head, made, written } = noted
  if (!isOf(head, account)) throw new NotDone(`${path} is of another account, or of another base URL.`)
  const journal = resumeJournal(path)
  const run = await withAccount(account, (surroundings) =>
    cleanUp(set, { ...head.people, made, written }, surroundings, journal),
  )
  closeJournal(journal, run, flags, account.id)
  if (run.left !== undefined) return 2
  await print(set.needs.byHand ? `${set.caution}\n` : 'Everything that the run had made is gone.\n')
  return 0
}

function isOf({ account, provider, baseUrl }: JournalHead, config: AccountConfig): boolean {
  return account === config.id && provider === config.adapter.id && baseUrl === config.baseUrl
}

async function printForeseen(set: ProbeSet, people: People): Promise<void> {
  const writes = foresee(set, { ...people, made: [], written: [] }).filter(({ step }) => step.writes)
  if (writes.length === 0) return
  const lines = writes.map(({ step, request }) => `  ${step.does}\n    ${describeRequest(request)}\n`)
  await print(
    `\nNothing was written. With --yes-write these would follow, where all goes as expected:\n${lines.join('')}`,
  )
}

async function writeReport(report: Report, title: string, path: string): Promise<void> {
  const texts = { md: writeMarkdown(report, title), json: `${JSON.stringify(report, null, 2)}\n` }
  for (const [form, text] of Object.entries(texts)) {
    await replaceFile(`${baseOf(path)}.${form}`, [Buffer.from(text)]).catch((error: unknown) => {
      throw new NotDone(`The report cannot be written (${errorCode(error)}).`)
    })
  }
}
