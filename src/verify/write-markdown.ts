import type { Report, ReportedSetting } from './report.ts'

/** A report for people: it may be put on an issue as it is. */
export function writeMarkdown(report: Report, title: string): string {
  const { account, baseUrl, at, gateway, wrote, probes, settings, notes, unseen, calls } = report
  const settled = probes.filter(({ verdict }) => verdict !== 'not settled')
  const open = probes.filter(({ verdict }) => verdict === 'not settled')
  return [
    `# ${title}: account \`${account}\` verified`,
    list([
      `Base URL: ${baseUrl}`,
      `At: ${at}`,
      `Gateway and adapter: ${gateway.version} (revision ${gateway.revision})`,
      wrote ? 'Test people were written.' : 'Nothing was written.',
      `${settled.length} of ${probes.length} questions settled, ${calls.length} calls.`,
    ]),
    ...(notes.length === 0 ? [] : ['## To know', list(notes)]),
    '## Settings that follow',
    settings.length === 0 ? 'None.' : table(['setting', 'value', 'because of', 'verdict'], settings.map(settingRow)),
    '## What was seen',
    settled.length === 0
      ? 'Nothing was settled.'
      : table(
          ['probe', 'question', 'seen', 'verdict'],
          settled.map(({ id, question, says = '', verdict }) => [`\`${id}\``, question, says, bold(verdict)]),
        ),
    ...(open.length === 0 ? [] : ['## Not settled', list(open.map(({ id, question }) => `\`${id}\`: ${question}`))]),
    '## What no call can settle',
    list(unseen.map(({ id, question, why }) => `\`${id}\`: ${question} ${why}`)),
    '## Calls',
    table(
      ['call', 'request', 'answer', 'ms', 'form'],
      calls.map(({ step, method, path, status, lost, ms, shape }) => [
        step,
        `\`${method} ${path}\``,
        lost ?? String(status),
        String(Math.round(ms)),
        shape === '' ? '' : `\`${shape}\``,
      ]),
    ),
  ]
    .map((block) => `${block}\n`)
    .join('\n')
}

export function valueText({ value, atLeast }: ReportedSetting): string {
  return `${atLeast === true ? 'at least ' : ''}${JSON.stringify(value)}`
}

function settingRow(setting: ReportedSetting): readonly string[] {
  return [`\`${setting.name}\``, `\`${valueText(setting)}\``, `\`${setting.because}\``, bold(setting.verdict)]
}

/** What is not as it should be catches the eye. */
function bold(verdict: string): string {
  return verdict === 'otherwise' || verdict.startsWith('contradicts') ? `**${verdict}**` : verdict
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n')
}
