import type { Static } from 'typebox'
import { checkBlocks } from './clients.ts'
import { refuseWeakCredential } from './credential-strength.ts'
import type { Path } from './mistakes.ts'
import type { Sound } from './read-shape.ts'
import type { Reading } from './reading.ts'
import type { AccountSchema, CallbacksConfig } from './schema.ts'
import { Secret } from './secret.ts'

type Given = Sound<Static<typeof AccountSchema>>['callbacks']

/** Reads an account's `callbacks`; complete only when no mistake was noted. */
export function readCallbacks(given: Given, path: Path, reading: Reading): CallbacksConfig | undefined {
  if (given === undefined) return undefined
  const { token, networks } = given
  checkBlocks(networks ?? [], [...path, 'networks'], reading)
  const tokens = [token ?? []].flat().filter((one) => one !== undefined)
  for (const one of tokens) refuseWeakCredential(one, [...path, 'token'], reading)
  const [first, second] = tokens
  if (first === undefined) return undefined
  if (first === second) reading.mistakes.add([...path, 'token'], 'has the same token twice')
  const secrets =
    second === undefined ? ([new Secret(first)] as const) : ([new Secret(first), new Secret(second)] as const)
  return { tokens: secrets, networks: networks as readonly string[] | undefined }
}
