import type { CallsAt } from './calls-made.ts'
import type { AnsweredRequest } from './explanation.ts'
import { readSendingNote, type SendingNote } from './sending-note.ts'

type Known = Pick<AnsweredRequest, 'idempotency' | 'outcomes' | 'left'>

/**
 * What a request that was taken over may have sent. Nobody knows what came of that: of what it had noted it is known that it
 * may have gone; of what it need not note it is not even known whether there was any.
 */
export function aboutTakeover(
  { idempotency: { result }, outcomes, left = [] }: Known,
  calls: readonly CallsAt[],
): readonly string[] {
  if (result !== 'taken_over') return []
  const notes = left.map(readSendingNote).filter((note) => note !== undefined)
  const noted = Map.groupBy(notes, ({ account }) => account)
  const others = [...outcomes, ...calls].some(({ account }) => !noted.has(account))
  return [
    ...[...noted].map(([account, ofAccount]) => aboutNotes(account, ofAccount)),
    ...(others ? [`What${noted.size === 0 ? '' : ' else'} it may have sent ${becameOf}`] : []),
  ]
}

const becameOf =
  'is not known: it was asked about where that can be, sent again where that does no harm, and left in doubt otherwise.'

function aboutNotes(account: string, notes: readonly SendingNote[]): string {
  const count = new Set(notes.flatMap(({ indexes }) => indexes)).size
  const they = count === 1 ? '1 contact was' : `${count.toLocaleString('en')} contacts were`
  return `Before that ${they} sent to ${account}, or may have been${whenOf(notes)}: what came of it is not known, and it is not sent again.`
}

function whenOf(notes: readonly SendingNote[]): string {
  const times = notes.flatMap(({ at }) => at ?? []).sort((one, other) => one - other)
  const [first, last] = [times[0], times.at(-1)]
  if (first === undefined || last === undefined) return ''
  const [from, to] = [first, last].map((at) => new Date(at).toISOString())
  return first === last ? `, at ${from}` : `, from ${from} to ${to}`
}
