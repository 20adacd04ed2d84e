import { formatProblems, loadConfig } from '../config/load.ts'

const configurationError = 78

/** Checks what the gateway would start with; prints every mistake with its place and returns the exit code. */
export function checkConfiguration(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): number {
  const env = file === undefined ? environment : { ...environment, GATEWAY_CONFIG: file }
  const loaded = loadConfig({ env })
  if ('problems' in loaded) {
    process.stderr.write(`${formatProblems(loaded.problems)}\n`)
    return configurationError
  }
  if ('sandbox' in loaded) {
    process.stdout.write('Sandbox mode: GATEWAY_CONFIG is not set, so there is no file to check.\n')
    return 0
  }
  const { accounts, lists, clients, warnings } = loaded.config
  for (const warning of warnings) process.stdout.write(`warning: ${warning}\n`)
  process.stdout.write(
    `The configuration is valid: ${accounts.size} accounts, ${lists.size} lists, ${clients.size} clients.\n`,
  )
  return 0
}
