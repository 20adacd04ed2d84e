/** What an Octopush account holds: contacts by phone number, lists by name, tags on contacts. */

/** A contact with the lists and tags that it is attached to; `sends` counts how often it was added or updated. */
export interface OctopushContact {
  phone_number: string
  email: string | null
  first_name: string | null
  last_name: string | null
  param1: string | null
  param2: string | null
  param3: string | null
  param4: string | null
  param5: string | null
  lists: string[]
  tags: string[]
  sends: number
}

export type OctopushFields = Partial<Omit<OctopushContact, 'phone_number' | 'lists' | 'tags' | 'sends'>>

export interface Attachments {
  lists: readonly string[]
  tags: readonly string[]
  unList: boolean
  unTag: boolean
}

/** How long after it was made a list is not yet there: for so many looks, and for so long. */
export interface Lag {
  calls: number
  milliseconds: number
}

export interface PutOptions {
  /** `false` = skip a contact that exists. */
  overwrite: boolean
  /** Whether a contact that is skipped is attached all the same. */
  attachSkipped: boolean
}

export interface OctopushAccount {
  has(phoneNumber: string): boolean
  /** @returns what became of the contact. */
  put(
    phoneNumber: string,
    fields: OctopushFields,
    to: Attachments,
    options: PutOptions,
  ): 'added' | 'updated' | 'skipped'
  /** Copies these contacts; the function that is returned puts them back, whatever they have become since. */
  snapshot(phoneNumbers: readonly string[]): () => void
  /** From the one list, or from the account. Unknown numbers are nothing special. */
  remove(phoneNumber: string, listName?: string): void
  hasList(name: string, lag?: Lag): boolean
  createList(name: string): void
  /** The contacts stay in the account (assumed). */
  deleteList(name: string): void
  /** Detaches all contacts from the list; with `deleteContacts` they leave the account as well. */
  emptyList(name: string, deleteContacts: boolean): void
  contacts(): Iterable<OctopushContact>
  counts(): { total: number; lists: number; sends: number }
  clear(): void
}

const noFields: Omit<OctopushContact, 'phone_number' | 'lists' | 'tags' | 'sends'> = {
  email: null,
  first_name: null,
  last_name: null,
  param1: null,
  param2: null,
  param3: null,
  param4: null,
  param5: null,
}

export function createOctopushAccount(initialLists: readonly string[]): OctopushAccount {
  const contacts = new Map<string, OctopushContact>()
  const lists = new Map<string, Set<string>>()
  /** When a list was made, and how often it was looked for since; those from the start have been there for ever. */
  const births = new Map<string, { at: number; looks: number }>()
  let sends = 0

  const attach = (contact: OctopushContact, to: Attachments) => {
    if (to.unList) {
      for (const name of contact.lists) lists.get(name)?.delete(contact.phone_number)
      contact.lists = []
    }
    if (to.unTag) contact.tags = []
    for (const name of to.lists) {
      lists.get(name)?.add(contact.phone_number)
      if (!contact.lists.includes(name)) contact.lists.push(name)
    }
    for (const tag of to.tags) if (!contact.tags.includes(tag)) contact.tags.push(tag)
  }

  const detach = (name: string, phoneNumber: string) => {
    lists.get(name)?.delete(phoneNumber)
    const contact = contacts.get(phoneNumber)
    if (contact !== undefined) contact.lists = contact.lists.filter((other) => other !== name)
  }

  const remove = (phoneNumber: string, listName?: string) => {
    if (listName !== undefined) return detach(listName, phoneNumber)
    for (const name of contacts.get(phoneNumber)?.lists ?? []) lists.get(name)?.delete(phoneNumber)
    contacts.delete(phoneNumber)
  }

  const emptyList = (name: string, deleteContacts: boolean) => {
    for (const phoneNumber of lists.get(name) ?? []) remove(phoneNumber, deleteContacts ? undefined : name)
  }

  const hasList = (name: string, lag?: Lag) => {
    const birth = births.get(name)
    if (birth === undefined || lag === undefined) return lists.has(name)
    birth.looks += 1
    return lists.has(name) && birth.looks > lag.calls && Date.now() - birth.at >= lag.milliseconds
  }

  const clear = () => {
    sends = 0
    births.clear()
    contacts.clear()
    lists.clear()
    for (const name of initialLists) lists.set(name, new Set())
  }
  clear()

  return {
    has: (phoneNumber) => contacts.has(phoneNumber),
    snapshot(phoneNumbers) {
      const copies = phoneNumbers.map(
        (phoneNumber) => [phoneNumber, structuredClone(contacts.get(phoneNumber))] as const,
      )
      return () => {
        for (const [phoneNumber, copy] of copies)
          if (copy === undefined) contacts.delete(phoneNumber)
          else contacts.set(phoneNumber, copy)
      }
    },
    put(phoneNumber, fields, to, { overwrite, attachSkipped }) {
      const known = contacts.get(phoneNumber)
      if (known !== undefined && !overwrite) {
        if (attachSkipped) attach(known, to)
        return 'skipped'
      }
      const contact = known ?? { phone_number: phoneNumber, ...noFields, lists: [], tags: [], sends: 0 }
      Object.assign(contact, fields)
      contact.sends += 1
      sends += 1
      attach(contact, to)
      contacts.set(phoneNumber, contact)
      return known === undefined ? 'added' : 'updated'
    },
    remove,
    hasList,
    createList(name) {
      lists.set(name, new Set())
      births.set(name, { at: Date.now(), looks: 0 })
    },
    deleteList(name) {
      emptyList(name, false)
      lists.delete(name)
      births.delete(name)
    },
    emptyList,
    contacts: () => contacts.values(),
    counts: () => ({ total: contacts.size, lists: lists.size, sends }),
    clear,
  }
}
