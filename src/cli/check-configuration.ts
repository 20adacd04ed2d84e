import { formatMistakes, loadConfig } from '../config/load.ts'
import { type Finding, lookAround } from './check-online.ts'
import { print } from './print.ts'

const configurationError = 78

/**
 * Checks what the gateway would start with; prints every mistake with its place and returns the exit code. `online`: asks
 * the store and the providers too, where the configuration is valid.
 */
export async function checkConfiguration(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  online = false,
): Promise<number> {
  const env = file === undefined ? environment : { ...environment, GATEWAY_CONFIG: file }
  const loaded = loadConfig({ env })
  if ('mistakes' in loaded) {
    process.stderr.write(`${formatMistakes(loaded.mistakes)}\n`)
    return configurationError
  }
  if ('sandbox' in loaded) {
    await print('Sandbox mode: GATEWAY_CONFIG is not set, so there is no file to check.\n')
    return 0
  }
  const { accounts, lists, clients, warnings } = loaded.config
  for (const warning of warnings) await print(`warning: ${warning}\n`)
  const counts = [count(accounts.size, 'account'), count(lists.size, 'list'), count(clients.size, 'client')]
  await print(`The configuration is valid: ${counts.join(', ')}.\n`)
  if (!online) return 0
  const findings = await lookAround(loaded.config)
  await print(format(findings))
  return findings.every(({ good }) => good) ? 0 : 1
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function format(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length))
  return findings
    .map(({ good, what, says }) => `  ${good ? 'ok  ' : 'FAIL'}  ${what.padEnd(width)}  ${says}\n`)
    .join('')
}
