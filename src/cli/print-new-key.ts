import { createKey } from '../config/client-directory.ts'
import { print } from './print.ts'

/** Prints a new key of a client, once, and the line that stands for it in the configuration file. */
export async function printNewKey(client: string): Promise<number> {
  try {
    const { key, hash } = createKey(client)
    await print(
      `Give this key to ${client}; it is shown this once and stored nowhere:\n\n  ${key}\n\n` +
        `Add this to clients.${client} in the configuration file:\n\n  keys: [ { hash: "${hash}" } ]\n`,
    )
    return 0
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    process.stderr.write(`${error.message}\n`)
    return 2
  }
}
