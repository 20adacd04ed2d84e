import { contactHash } from '../audit/contact-hash.ts'
import { auditKey } from '../config/audit-key.ts'
import { formatMistakes, loadConfig } from '../config/load.ts'
import { print } from './print.ts'

const configurationError = 78

/** Prints what stands for a contact in the audit events of a gateway with this configuration; returns the exit code. */
export async function printContactHash(
  contactId: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const loaded = loadConfig({ env })
  if ('config' in loaded) {
    await print(`${contactHash(auditKey(loaded.config))(contactId)}\n`)
    return 0
  }
  const why = 'mistakes' in loaded ? formatMistakes(loaded.mistakes) : 'GATEWAY_CONFIG is not set: name the file.'
  process.stderr.write(`${why}\n`)
  return configurationError
}
