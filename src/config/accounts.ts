import { type Static, type TObject, type TProperties, Type } from 'typebox'
import Value from 'typebox/value'
import type { AccountSettings, Adapter } from '../providers/adapter-port.ts'
import { readCallbacks } from './callbacks.ts'
import { refuseWeakCredential } from './credential-strength.ts'
import { checkEgress, egressOf, type Ways } from './egress.ts'
import { idsOf, readEntries } from './entries.ts'
import type { Path } from './mistakes.ts'
import { type Mapping, readShape, type Sound } from './read-shape.ts'
import type { Reading } from './reading.ts'
import { type AccountConfig, AccountSchema } from './schema.ts'
import { Secret } from './secret.ts'
import { readDefaultTarget } from './targets.ts'
import { isLoopback, parseHttpUrl, withoutTrailingSlash } from './urls.ts'
import { readVerified } from './verified.ts'

export type Adapters = ReadonlyMap<string, Adapter>

/** What stands in `accounts`. Lists may refer to an account that has mistakes of its own. */
export type ReadAccounts = {
  readonly configs: ReadonlyMap<string, AccountConfig>
  /** By account; `undefined` where the provider is not known, and as a whole when there is no section to ask. */
  readonly adapters: ReadonlyMap<string, Adapter | undefined> | undefined
}

/** Reads `accounts`: what is common by our schema, the rest by those of each account's adapter. */
export function readAccounts(value: unknown, adapters: Adapters, ways: Ways, reading: Reading): ReadAccounts {
  const configs = new Map<string, AccountConfig>()
  const ids = idsOf(value)
  const adapterOf = new Map<string, Adapter | undefined>(ids?.map((id) => [id, undefined]))
  for (const [id, entry] of readEntries(value, ['accounts'], 'account', reading)) {
    const path = ['accounts', id]
    const adapter = readProvider(entry, [...path, 'provider'], adapters, reading)
    adapterOf.set(id, adapter)
    const config =
      adapter === undefined ? readCommonPart(entry, path, reading) : readAccount(id, adapter, entry, ways, reading)
    if (config !== undefined) configs.set(id, config)
  }
  return { configs, adapters: ids && adapterOf }
}

function readProvider(entry: Mapping, path: Path, adapters: Adapters, reading: Reading): Adapter | undefined {
  const provider = readShape(Type.Enum([...adapters.keys()]), entry.provider, path, reading)
  return provider === undefined ? undefined : adapters.get(provider)
}

/** Without an adapter, its part cannot be judged; ours can. */
function readCommonPart(entry: Mapping, path: Path, reading: Reading): undefined {
  const known = Object.entries(entry).filter(
    ([key]) => key !== 'provider' && Object.hasOwn(AccountSchema.properties, key),
  )
  readShape(Type.Omit(AccountSchema, ['provider']), Object.fromEntries(known), path, reading)
}

type Common = Sound<Static<typeof AccountSchema>>

function readAccount(
  id: string,
  adapter: Adapter,
  entry: Mapping,
  ways: Ways,
  reading: Reading,
): AccountConfig | undefined {
  const path = ['accounts', id]
  const before = reading.mistakes.count
  const whole = readShape(accountSchemaOf(adapter), entry, path, reading) ?? {}
  const common = whole as Common
  const settings = pick(whole, adapter.settings)
  if (reading.mistakes.count === before && !Value.Check(adapter.settings, settings)) {
    reading.mistakes.add(path, `has settings that ${adapter.id} does not take together`)
  }
  const credentials = readCredentials(adapter, common.credentials, [...path, 'credentials'], reading)
  const baseUrl = readBaseUrl(adapter, common, path, reading)
  checkBatchSize(adapter, common.batchSize, [...path, 'batchSize'], reading)
  checkEgress(common.egress ?? {}, [...path, 'egress'], reading)
  const verified = readVerified(common.verified, adapter, [...path, 'verified'], reading)
  const callbacks = readCallbacks(common.callbacks, [...path, 'callbacks'], reading)
  const defaultTarget = readDefaultTarget(adapter, common.defaultList, [...path, 'defaultList'], reading)
  if (reading.mistakes.count > before || baseUrl === undefined) return undefined
  const egress = egressOf(common.egress ?? {}, ways, baseUrl, reading)
  const {
    provider: _,
    credentials: __,
    defaultList: ___,
    callbacks: ____,
    verified: _____,
    ...valid
  } = pick(whole, AccountSchema) as Static<typeof AccountSchema>
  return {
    requestsPerSecond: undefined,
    batchSize: undefined,
    isolateRejected: undefined,
    ...valid,
    id,
    adapter,
    credentials,
    settings,
    baseUrl,
    egress,
    callbacks,
    verified,
    defaultTarget,
  }
}

/** One schema for all that may stand in an account of this adapter, so that unknown keys are told from both parts. */
function accountSchemaOf(adapter: Adapter): TObject {
  const { defaultList, callbacks, verified, ...common } = AccountSchema.properties
  const properties: TProperties = { ...common, ...adapter.settings.properties }
  if (adapter.listMember !== undefined) properties.defaultList = defaultList
  if (adapter.readOptOut !== undefined) properties.callbacks = callbacks
  if (adapter.probes !== undefined) properties.verified = verified
  return Type.Object(properties)
}

function pick(members: Mapping, schema: TObject): AccountSettings {
  return Object.fromEntries(Object.entries(members).filter(([key]) => Object.hasOwn(schema.properties, key)))
}

function readCredentials(
  adapter: Adapter,
  value: unknown,
  path: Path,
  reading: Reading,
): Readonly<Record<string, Secret>> {
  const schema = Type.Object(adapter.credentials.properties, { secretKeys: true })
  const given = (readShape(schema, value, path, reading) ?? {}) as Record<string, string | undefined>
  const secrets: [string, Secret][] = []
  for (const [name, text] of Object.entries(given)) {
    if (text === undefined) continue
    refuseWeakCredential(text, [...path, name], reading)
    secrets.push([name, new Secret(text)])
  }
  return Object.fromEntries(secrets)
}

function readBaseUrl(adapter: Adapter, account: Common, path: Path, reading: Reading): string | undefined {
  if (account.baseUrl === undefined) return adapter.baseUrl
  const place = [...path, 'baseUrl']
  const url = parseHttpUrl(account.baseUrl)
  if (url === undefined) {
    reading.mistakes.add(place, 'must be an https:// URL without user name, password, query and fragment')
    return undefined
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    if (account.allowInsecure !== true)
      reading.mistakes.add(place, 'must be https:// (or set allowInsecure: true): http:// is for this machine alone')
  }
  return withoutTrailingSlash(url)
}

function checkBatchSize(
  { operations, id }: Adapter,
  size: number | undefined,
  path: Path,
  { mistakes }: Reading,
): void {
  const limits = [operations.addContacts, operations.importContacts].flatMap((batch) => batch?.maxContacts ?? [])
  const most = Math.max(...limits)
  if (size !== undefined && limits.length > 0 && size > most) mistakes.add(path, `must be at most ${most} at ${id}`)
}
