import { type StepGroup, type StepKind, stepGroups } from './answer-step-kinds.ts'
import { answerSteps } from './change-answer.ts'
import { type Amount, type Habit, isPlain, type QuirkTable, valuesOf } from './quirk-table.ts'

/** What goes wrong for a caller who trusts the documents, by group of steps. */
const stepsPlay: Readonly<Record<StepGroup, string>> = {
  wire: 'JSON as it travels',
  status: 'any 2xx whose body says so',
  shape: 'dead reads: the same information in another form',
  words: 'false claim: a word that is not known',
  damage: 'dead reads, and claims about what is not shown',
  failure: 'false claim: success is what the body says; leak: raw text of the provider',
}

/** The steps of `answer` and `random`, as a Markdown table. */
export function stepTable(): string {
  const kinds = Object.entries<StepKind>(answerSteps)
  const rows = stepGroups.flatMap((group) =>
    kinds
      .filter(([, kind]) => kind.group === group)
      .map(([name, { value, at, does }]) => [
        `\`${name}\``,
        group,
        value[1].replace(/^one of /, '').replaceAll('"', '`'),
        at === undefined ? '' : { all: 'all that fit', first: 'first that fits', refused: 'needed' }[at.without],
        `${does} Assumed.`,
        stepsPlay[group],
      ]),
  )
  return table(['step', 'group', 'takes', 'without `at`', 'what it does', 'plays'], rows)
}

/** The habits among the quirks of a provider, as a Markdown table. */
export function habitTable(quirkTable: QuirkTable, without: QuirkTable = {}): string {
  const habits = Object.entries(quirkTable).filter(
    (entry): entry is [string, Habit | Amount] => !isPlain(entry[1]) && !Object.hasOwn(without, entry[0]),
  )
  const rows = habits.map(([name, habit]) => [
    `\`${name}\``,
    valuesOf(habit)
      ?.map((value, index) => (index === 0 ? `**\`${value}\`**` : `\`${value}\``))
      .join(', ') ?? `**\`0\`** or more ${'amount' in habit ? habit.amount : ''}`,
    habit.operations.join(', '),
    `${habit.does} Assumed.`,
    habit.plays,
  ])
  return table(['quirk', 'values', 'operations', 'what it does', 'plays'], rows)
}

/** The quirks about what the documents leave open or say in two ways, as a Markdown table. */
export function openTable(quirkTable: QuirkTable): string {
  const rows = Object.entries(quirkTable).flatMap(([name, quirk]) =>
    isPlain(quirk) ? [[`\`${name}\``, quirk.map((value) => `\`${value}\``).join(', ')]] : [],
  )
  return table(['quirk', 'values, the default first'], rows)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
