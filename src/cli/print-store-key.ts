import { createStoreKey } from '../config/store-key.ts'
import { print } from './print.ts'

/** Prints a new key for what the store keeps, once, alone on its line: it may go straight into a file. */
export async function printStoreKey(): Promise<void> {
  await print(`${createStoreKey()}\n`)
}
