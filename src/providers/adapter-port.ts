import type { Static, TObject } from 'typebox'
import type { ConflictPolicy, Contact, StoredContact } from '../domain/contact.ts'
import type { Failure, Result } from '../domain/failure.ts'
import type { OutcomeError, OutcomeStatus, Warning } from '../domain/outcome.ts'
import type { Exact } from './exact.ts'
import type { FieldRules } from './fields.ts'
import type { AddressField, ByHand, FieldChannels, OptOut } from './further-facts.ts'
import type { ProbeSet } from './probing.ts'
import type { ProviderRequest, ProviderResponse } from './provider-messages.ts'

export type { AddressField, ByHand, FieldChannels, MessagingChannel, OptOut } from './further-facts.ts'
export type { FilePart, ProviderRequest, ProviderResponse, ResponseHeaders } from './provider-messages.ts'

/**
 * The interface between the gateway and a provider. An adapter is data and pure functions: it never sees the network,
 * the clock, the environment, a store or the web framework.
 */

/**
 * One call that the provider documents, as two pure halves.
 * `repeatable`: would the same request twice leave the provider as once does?
 */
export type Operation<Input, Output> = {
  readonly repeatable: boolean
  toRequest(input: Input): ProviderRequest
  toOutcome(response: ProviderResponse, input: Input): Result<Output>
  /** Absent: one call carries all. */
  readonly further?: FurtherCalls<Input, Output>
}

/** What one call cannot carry goes in further ones, in turn, once the first has succeeded. */
export type FurtherCalls<Input, Output> = {
  /** The inputs of those calls; most often none. */
  after(input: Input, first: Output): readonly Input[]
  /** What is true once one of them (`of`) has ended. */
  add(output: Output, input: Input, of: Input, result: Result<Output>): Output
}

/** A call that carries many contacts. Its output has the length and order of `input.contacts`. */
export type BatchOperation<Settings, Target> = Operation<BatchInput<Settings, Target>, readonly ItemResult[]> & {
  /** The most contacts in one call; an account's `batchSize` may lower it. */
  readonly maxContacts: number
  /** Fewer than this many are not worth the call (`createContact` serves them). */
  readonly minContacts?: number
  /** A refusal over the data leaves none of the batch applied. Absent: not documented, so that nothing is certain. */
  readonly atomic?: true
  /** Contacts with different keys go in different calls. */
  groupKey?(contact: Contact): string
  /** Contacts that this call cannot carry whole go by `createContact`. */
  carries?(contact: Contact, settings: Settings): boolean
}

export type BatchInput<Settings, Target> = {
  readonly contacts: readonly Contact[]
  readonly target: Target
  readonly onConflict: ConflictPolicy
  readonly settings: Settings
}

/** What a provider's answer says of one contact of a batch. */
export type ItemResult = {
  readonly status: OutcomeStatus
  readonly key?: string
  readonly warnings?: readonly Warning[]
  readonly error?: OutcomeError
}

export type ContactInput<Settings, Target> = {
  readonly contact: Contact
  /** Absent when the contact is to be in no list. */
  readonly target?: Target
  readonly settings: Settings
}

/**
 * What an answer says of a contact that was written alone; `contact` where it shows the contact as it is now. `unshown`:
 * what the answer did not show and stands in `contact` as it was sent (`name`, `tags`; an empty list for all of it).
 */
export type WrittenContact = ItemResult & { readonly contact?: StoredContact; readonly unshown?: readonly string[] }

/** The parts of a contact that can be written apart. `name` is the display name and its parts. */
export type ContactPart = 'name' | 'email' | 'tags' | 'attributes'

/** What a list of contacts can be narrowed by; `target` is the provider's own way to name a list. */
export type ListFilter = 'search' | 'tag' | 'target'

/** Where a page begins, in the provider's own way: the number of a page, from 1, or a cursor. */
export type PageStart = number | string

/**
 * `from`: the `next` of the page before; absent for the first page. `limit` is 1..100. Filters that the operation does not
 * have are never given.
 */
export type ListInput<Settings, Target> = {
  readonly from?: PageStart
  readonly limit: number
  readonly search?: string
  readonly tag?: string
  readonly target?: Target
  readonly settings: Settings
}

/**
 * `next`: where the next page begins; absent where this is the last. `leftOut`: so many more contacts belong on this page,
 * and the answer does not show who they are.
 */
export type ContactPage = {
  readonly contacts: readonly StoredContact[]
  readonly next?: PageStart
  readonly leftOut?: number
}

/** One of the addresses is given, which the operation can be asked by. Numbers are E.164; `digitsOnly`: without their plus. */
export type FindInput<Settings> = { readonly [Field in AddressField]?: string } & {
  readonly digitsOnly?: true
  readonly settings: Settings
}

/** A call about contacts by their keys, at most `maxContacts` of them. */
export type KeysOperation<Input> = Operation<Input & { readonly keys: readonly string[] }, undefined> & {
  readonly maxContacts: number
}

/**
 * Everything a provider may be able to do. An adapter has the operations that its provider documents: a capability *is*
 * an operation that is there.
 */
export type Operations<Settings, Target> = {
  /** Adds many contacts to a list in one call. */
  addContacts: BatchOperation<Settings, Target>
  /** The same by way of a file; used from `minContacts` on. */
  importContacts: BatchOperation<Settings, Target>
  /**
   * Makes a list that may be there already; its being there is no failure. It may answer the target as the provider knows it
   * (with an id, say), which other calls are then given. `namesTarget`: they need it, so that it is asked for before any of
   * them, also before those that read the list or take somebody off it.
   */
  ensureList: Operation<{ readonly target: Target; readonly settings: Settings }, Target | undefined> & {
    readonly namesTarget?: true
  }
  /** Creates one contact, in no list where there is no target; `conflict` when the provider has its number. */
  createContact: Operation<ContactInput<Settings, Target> & { readonly onConflict: ConflictPolicy }, WrittenContact>
  /**
   * Everybody who has this address, and nobody else; those first whose address is written the same. Nobody: the provider
   * certainly has none. Where there are some, more of them may not be shown: who needs all asks again once these are gone.
   * `by`: what the provider can be asked by. A contact is looked up before it is written where `keyedBy` is among it. With
   * `alsoByDigits` a number is certainly not there only when its digits alone were asked for as well (`digitsOnly`).
   */
  findContacts: Operation<FindInput<Settings>, readonly StoredContact[]> & {
    readonly by: readonly AddressField[]
    readonly alsoByDigits?: true
  }
  /** The contact with this key; `notFound` when there is none. */
  getContact: Operation<{ readonly key: string; readonly settings: Settings }, StoredContact>
  /** One page of contacts. `searchesIn`: what a search looks at, where that is less than all. */
  listContacts: Operation<ListInput<Settings, Target>, ContactPage> & {
    readonly filters: readonly ListFilter[]
    readonly searchesIn?: readonly ('name' | 'phone' | 'email')[]
  }
  /**
   * Writes these parts of a contact over those of the one with this key; all parts where `parts` is absent. Into the
   * list of the target, where there is one.
   */
  updateContact: Operation<
    ContactInput<Settings, Target> & { readonly key: string; readonly parts?: ReadonlySet<ContactPart> },
    WrittenContact
  >
  /** Deletes contacts from the account; that one is not there may be `notFound` or no failure. */
  deleteContacts: KeysOperation<{ readonly settings: Settings }>
  /** Takes contacts off a list and leaves them in the account. */
  removeFromList: KeysOperation<{ readonly target: Target; readonly settings: Settings }>
}

/** How a list shows in a contact, at a provider that has no lists of its own. */
export type Membership<Target> = {
  /** Is the contact in the list? */
  has(contact: StoredContact, target: Target): boolean
  /** The tags that the contact has once it is off the list. */
  tagsWithout(contact: StoredContact, target: Target): readonly string[]
}

/**
 * Access by a token that expires. It is kept, renewed early, and renewed once more when it is refused; it is a secret, as
 * the credentials are.
 */
export type TokenAccess<Credentials> = {
  /** Asks for a token; at the account's base URL, as all requests. */
  request(credentials: Credentials): ProviderRequest
  read(response: ProviderResponse): Result<TokenGrant>
  /** What a request carries, spelt as the provider's documents spell it. */
  headers(token: string): Record<string, string>
}

/** `expiresInMs`: counted from when it was asked for. */
export type TokenGrant = { readonly token: string; readonly expiresInMs: number }

type Texts<Credentials extends TObject> = Record<keyof Static<Credentials> & string, string>

/** What is wrong with a list target. `path` is a JSON Pointer into the target (`/attributes/city`). */
export type TargetProblem = { readonly path: string; readonly message: string }

/** What an adapter is, as data. */
export type AdapterDeclaration<Credentials extends TObject, Settings extends TObject, Target extends TObject> = {
  /** Also the word in the configuration's `provider`. */
  readonly id: string
  readonly title: string
  /** The documented address, without a trailing slash. */
  readonly baseUrl: string
  /** Secrets of an account, all of them strings. */
  readonly credentials: Credentials
  /** What an account takes beside the settings that all accounts have, with defaults. */
  readonly settings: Settings
  /** The provider's own way to name a list. */
  readonly target: Target
  /** The member of a target that is enough to name a list: an account can then have a `defaultList`. */
  readonly listMember?: keyof Static<Target> & string
  authHeaders(credentials: Texts<Credentials>): Record<string, string>
  /** Absent: the credentials themselves go with each request. */
  readonly token?: TokenAccess<Texts<Credentials>>
  /**
   * Which fields it takes, requires and drops; read when a configuration is taken over, per account and per list
   * target.
   */
  fields(settings: Static<Settings>, target?: Static<Target>): FieldRules
  /** What the schema cannot say of a target that matches it; the configuration with such a target is refused. */
  checkTarget?(target: Static<Target>): readonly TargetProblem[]
  /** The form of the provider's keys of contacts: one that it does not match is asked of nobody. Absent: it has no keys. */
  readonly keyForm?: RegExp
  /** Absent: the provider has lists of its own, or nobody can be asked about them. */
  readonly membership?: Membership<Static<Target>>
  /**
   * A documented request that needs the credentials and changes nothing: `config check --online` sends it. `isAnswer`: is a
   * body, as parsed, what this provider answers?
   */
  readonly credentialCheck?: ProviderRequest & { isAnswer?(body: unknown): boolean }
  /** Where the provider keeps the addresses that it takes calls from, and refuses all others. Absent: it takes all. */
  readonly allowlist?: string
  /**
   * What the provider knows a contact by: two contacts of one request with the same are the same person there. `phone`:
   * the WhatsApp number too, where it stands in for the phone.
   */
  readonly keyedBy: 'email' | 'phone'
  /** Whether `onConflict: skip` can be asked of the provider. */
  readonly honoursSkip: boolean
  /** Absent: nothing is known of it. */
  readonly channels?: FieldChannels
  /**
   * What the provider calls a URL of the account with when somebody opts out: its members, from JSON, a form or a query.
   * `undefined`: it is nothing of that kind. Absent: it makes no such calls.
   */
  readOptOut?(told: unknown): readonly OptOut[] | undefined
  /** Absent: there are calls for all of it. */
  readonly byHand?: ByHand
  /** How an account is verified. Absent: nothing is open that calls could settle. */
  readonly probes?: ProbeSet
  readonly operations: Partial<Operations<Static<Settings>, Static<Target>>>
}

/** An adapter whose own types are forgotten: what the rest of the gateway handles. Made by `defineAdapter` only. */
export type Adapter = Omit<
  AdapterDeclaration<TObject, TObject, TObject>,
  'fields' | 'operations' | 'authHeaders' | 'token' | 'checkTarget' | 'membership' | 'listMember'
> & {
  readonly listMember?: string
  authHeaders(credentials: Record<string, string>): Record<string, string>
  readonly token?: TokenAccess<Record<string, string>>
  fields(settings: AccountSettings, target?: ListTarget): FieldRules
  checkTarget?(target: ListTarget): readonly TargetProblem[]
  readonly membership?: Membership<ListTarget>
  readonly operations: Partial<Operations<AccountSettings, ListTarget>>
}

/** An account's settings and a list's target, valid against the schemas of the account's adapter. */
export type AccountSettings = Readonly<Record<string, unknown>>
export type ListTarget = Readonly<Record<string, unknown>>
export type OperationName = keyof Operations<unknown, unknown>

/**
 * Checks an adapter's types against each other, then forgets them: the configuration has been checked against the
 * adapter's own schemas before anything is handed to it. A member that nothing reads, a misspelt one perhaps, does not
 * compile, wherever it stands.
 */
export function defineAdapter<C extends TObject, S extends TObject, T extends TObject, Given>(
  declaration: AdapterDeclaration<C, S, T> & Given & Exact<Given, AdapterDeclaration<C, S, T>>,
): Adapter {
  return Object.freeze(declaration) as unknown as Adapter
}

/** A failure as a result. */
export function failed(kind: Failure['kind'], provider?: Failure['provider']): { readonly failure: Failure } {
  return { failure: provider === undefined ? { kind } : { kind, provider } }
}
