import { accountOf, type Fleet, type Provider, providers, type Replica, type Reply } from '../../support/start-fleet.ts'
import { fateOf, type Row } from './rows.ts'

type Counts = Readonly<Record<string, number>>
type Entry = { readonly row: number; readonly account: string; readonly status: string; readonly code: string }

/** Everything that is wrong with an import that has ended, a line each. `unsure`: rows that Oblic may be `unknown` of. */
export async function defectsOf(
  fleet: Fleet,
  replica: Replica,
  ended: Reply['body'],
  rows: readonly Row[],
  unsure: number,
): Promise<string[]> {
  const entries = await readErrors(replica, ended.id)
  const defects: string[] = []
  for (const provider of providers) {
    const account = accountOf[provider]
    const own = entries.filter((entry) => entry.account === account)
    const told = new Map(own.map((entry) => [entry.row, entry.status]))
    if (told.size !== own.length) defects.push(`${account}: ${own.length - told.size} rows are reported twice`)
    defects.push(...countDefects(account, ended.progress[account], told, rows.length))
    defects.push(
      ...rowDefects(provider, told, rows, holdingsOf(fleet, provider)).map((defect) => `${account}: ${defect}`),
    )
    const unknown = own.filter(({ status }) => status === 'unknown').length
    if (unknown > (provider === 'oblic' ? unsure : 0)) defects.push(`${account}: ${unknown} rows are unknown`)
    const failed = own.filter(({ status }) => status === 'failed').length
    if (failed > 0) defects.push(`${account}: ${failed} rows failed though nothing was down`)
  }
  return defects
}

/** The rows that were not reported are those that got in: their number is that of the counts. */
function countDefects(account: string, counts: Counts, told: ReadonlyMap<number, string>, rows: number): string[] {
  const { pending = 0, created = 0, updated = 0, accepted = 0 } = counts
  const defects = pending === 0 ? [] : [`${account}: ${pending} rows are pending`]
  const gotIn = rows - told.size
  if (created + updated + accepted !== gotIn)
    defects.push(`${account}: ${created}+${updated}+${accepted} got in by the counts, ${gotIn} by the reports`)
  for (const status of ['rejected', 'skipped', 'failed', 'unknown']) {
    const reported = [...told.values()].filter((other) => other === status).length
    if ((counts[status] ?? 0) !== reported)
      defects.push(`${account}: ${counts[status]} are ${status} by the counts, ${reported} by the reports`)
  }
  return defects
}

type Holdings = { sends(row: Row): number; readonly total: number }

function rowDefects(
  provider: Provider,
  told: ReadonlyMap<number, string>,
  rows: readonly Row[],
  held: Holdings,
): string[] {
  const defects: string[] = []
  let known = 0
  rows.forEach((row, index) => {
    const status = told.get(index + 1) ?? 'in'
    const fate = fateOf(row, provider)
    const sends = fate === 'in' ? held.sends(row) : 0
    if (fate === 'in' && sends > 0) known++
    const says = `row ${index + 1} (${row.email} ${row.phone}) is ${status}`
    if (fate !== 'in' && status !== fate) defects.push(`${says} and should be ${fate}`)
    if (status === 'in' && fate === 'in' && sends === 0) defects.push(`${says}, but is not there`)
    if ((status === 'failed' || status === 'rejected') && sends > 0) defects.push(`${says}, but is there`)
    if (provider === 'oblic' && sends > 1) defects.push(`${says} and was sent ${sends} times`)
  })
  if (held.total !== known) defects.push(`holds ${held.total} contacts, of which ${known} are of the file`)
  return defects.slice(0, 20)
}

function holdingsOf({ simulators }: Fleet, provider: Provider): Holdings {
  if (provider === 'oblic') {
    const sends = new Map(simulators.oblic.contacts().map((contact) => [contact.email, contact.sends]))
    return { sends: ({ email }) => sends.get(email) ?? 0, total: sends.size }
  }
  const numbers = new Set(simulators[provider].contacts().map(({ phone_number }) => phone_number))
  return { sends: ({ phone }) => Number(numbers.has(phone)), total: numbers.size }
}

async function readErrors(replica: Replica, id: string): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for (let cursor = ''; ; ) {
    const { status, text, body } = await replica.call('GET', `/imports/${id}/errors?limit=1000${cursor}`)
    if (status !== 200) throw new Error(`${status} ${text}`)
    entries.push(...body.items)
    if (body.nextCursor === undefined) return entries
    cursor = `&cursor=${body.nextCursor}`
  }
}
