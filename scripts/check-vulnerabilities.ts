import { spawnSync } from 'node:child_process'

/**
 * Asks npm's registry whether it knows of vulnerabilities in what production runs: `npm run audit:dependencies`. High and
 * critical ones fail; where the registry gives no answer that is said, and is no failure.
 */

type Vulnerability = { readonly name: string; readonly severity: string; readonly range: string }
type Report = { readonly vulnerabilities?: Readonly<Record<string, Vulnerability>> }

const fatal = new Set(['high', 'critical'])
const longestMs = 60_000

const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', timeout: longestMs })
const report = parsed(stdout ?? '')
if (report?.vulnerabilities === undefined) {
  const [why = 'no answer in time'] = (stderr ?? '').split('\n').filter((line) => line !== '')
  process.stdout.write(`NOT CHECKED: the registry's advisories could not be had (${why}).\n`)
} else {
  const found = Object.values(report.vulnerabilities)
  for (const { severity, name, range } of found) process.stdout.write(`${severity}: ${name} ${range}\n`)
  const grave = found.filter(({ severity }) => fatal.has(severity))
  process.stdout.write(`${found.length} known vulnerabilities, ${grave.length} of them high or critical\n`)
  process.exitCode = grave.length === 0 ? 0 : 1
}

function parsed(text: string): Report | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
