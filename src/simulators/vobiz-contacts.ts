import { type VobizIdForm, vobizId } from './vobiz-ids.ts'

/** There is no e-mail field, and `last_active_at` may be left out (docs/providers.md, "Vobiz: contacts"). */
export interface VobizContact {
  id: string
  account_id: string
  phone_number: string
  name: string
  tags: string[]
  custom_attributes: Record<string, unknown>
  last_active_at?: string
  created_at: string
  updated_at: string
}

export type VobizFields = Partial<Pick<VobizContact, 'name' | 'tags' | 'custom_attributes'>>
export interface VobizQuery {
  search?: string
  tag?: string
  /** Whether `search` must be the whole name or number. */
  exact?: boolean
}

export interface CreateOptions {
  idForm: VobizIdForm
  updatedAfterMs: number
}

export interface VobizContacts {
  get(id: string): VobizContact | undefined
  getByPhone(phoneNumber: string): VobizContact | undefined
  /** Of two with one number the newer is found by it. */
  create(phoneNumber: string, fields: VobizFields, options: CreateOptions): VobizContact
  /** Changes what is given; tags and attributes are replaced whole. */
  update(contact: VobizContact, fields: VobizFields): VobizContact
  /** As though it had been made just now: both time stamps alike. */
  resetStamps(contact: VobizContact): void
  remove(contact: VobizContact): void
  /** Newest first; the result is shared, do not change it. */
  find(query: VobizQuery): readonly VobizContact[]
  all(): Iterable<VobizContact>
  size(): number
  clear(): void
}

/** A `+…` search of at least this length looks only at the numbers that begin alike. */
const prefixLength = 10

/** The contacts of one account, with indexes by number, by the beginning of the number and by tag. */
export function createVobizContacts(accountId: string): VobizContacts {
  const byId = new Map<string, VobizContact>()
  const byPhone = new Map<string, VobizContact>()
  const byPrefix = createIndex<VobizContact>()
  const byTag = createIndex<VobizContact>()
  /** Names with a `+`: the only ones that a `+…` search can hit. */
  const plusNames = new Set<VobizContact>()
  const age = new Map<VobizContact, number>()
  let created = 0
  let version = 0
  let lastFound: { key: string; version: number; found: readonly VobizContact[] } | undefined

  const index = (contact: VobizContact) => {
    for (const tag of contact.tags) byTag.add(tag, contact)
    if (contact.name.includes('+')) plusNames.add(contact)
    version += 1
  }
  const unindex = (contact: VobizContact) => {
    for (const tag of contact.tags) byTag.delete(tag, contact)
    plusNames.delete(contact)
    version += 1
  }

  const candidates = ({ search, tag, exact }: VobizQuery): Iterable<VobizContact> => {
    if (search !== undefined && /^\+\d+$/.test(search)) {
      if (exact) return [...plusNames, ...[byPhone.get(search)].filter((contact) => contact !== undefined)]
      if (search.length >= prefixLength) return new Set([...plusNames, ...byPrefix.get(search.slice(0, prefixLength))])
    }
    return tag === undefined ? byId.values() : byTag.get(tag)
  }

  return {
    get: (id) => byId.get(id),
    getByPhone: (phoneNumber) => byPhone.get(phoneNumber),
    create(phoneNumber, { name = '', tags = [], custom_attributes = {} }, { idForm, updatedAfterMs }) {
      const now = new Date()
      const contact: VobizContact = {
        id: vobizId(created + 1, idForm),
        account_id: accountId,
        phone_number: phoneNumber,
        name,
        tags: [...new Set(tags)],
        custom_attributes,
        created_at: now.toISOString(),
        updated_at: new Date(now.getTime() + updatedAfterMs).toISOString(),
      }
      byId.set(contact.id, contact)
      byPhone.set(phoneNumber, contact)
      byPrefix.add(phoneNumber.slice(0, prefixLength), contact)
      age.set(contact, created++)
      index(contact)
      return contact
    },
    update(contact, fields) {
      unindex(contact)
      Object.assign(contact, fields, fields.tags === undefined ? {} : { tags: [...new Set(fields.tags)] })
      contact.updated_at = later(contact.updated_at)
      index(contact)
      return contact
    },
    resetStamps(contact) {
      const now = new Date().toISOString()
      Object.assign(contact, { created_at: now, updated_at: now })
    },
    remove(contact) {
      unindex(contact)
      byId.delete(contact.id)
      if (byPhone.get(contact.phone_number) === contact) byPhone.delete(contact.phone_number)
      byPrefix.delete(contact.phone_number.slice(0, prefixLength), contact)
      age.delete(contact)
    },
    find(query) {
      const key = JSON.stringify(query)
      if (lastFound?.key === key && lastFound.version === version) return lastFound.found
      const found = Iterator.from(candidates(query))
        .filter((contact) => isHit(contact, query))
        .toArray()
        .sort((one, other) => (age.get(other) ?? 0) - (age.get(one) ?? 0))
      lastFound = { key, version, found }
      return found
    },
    all: () => byId.values(),
    size: () => byId.size,
    clear() {
      for (const map of [byId, byPhone, byPrefix, byTag, plusNames, age]) map.clear()
      created = 0
      version += 1
    },
  }
}

function isHit({ name, phone_number, tags }: VobizContact, { search, tag, exact }: VobizQuery): boolean {
  if (tag !== undefined && !tags.includes(tag)) return false
  if (search === undefined) return true
  const wanted = search.toLowerCase()
  return [phone_number, name.toLowerCase()].some((value) => (exact ? value === wanted : value.includes(wanted)))
}

/** Now, but always after the given time, so that an update shows in `updated_at`. */
function later(timestamp: string): string {
  return new Date(Math.max(Date.now(), Date.parse(timestamp) + 1)).toISOString()
}

function createIndex<V>() {
  const sets = new Map<string, Set<V>>()
  return {
    get: (key: string): ReadonlySet<V> => sets.get(key) ?? new Set(),
    add(key: string, value: V) {
      const set = sets.get(key)
      if (set === undefined) sets.set(key, new Set([value]))
      else set.add(value)
    },
    delete(key: string, value: V) {
      const set = sets.get(key)
      if (set?.delete(value) && set.size === 0) sets.delete(key)
    },
    clear: () => sets.clear(),
  }
}
