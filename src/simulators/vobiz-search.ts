import { inNumberForm } from './number-forms.ts'
import type { VobizContact, VobizContacts, VobizQuery } from './vobiz-contacts.ts'
import type { VobizQuirks } from './vobiz-errors.ts'

/** The query of `GET /contacts` as far as it says whom to find; a value that is given twice does not count. */
export interface Wanted {
  search?: string
  tag?: string
}

/** Lists and searches, with a lag for new contacts where the quirks ask for one. */
export function createVobizSearch(contacts: VobizContacts) {
  /** When a contact was first met here or made, in milliseconds and in lists and searches. */
  let births = new WeakMap<VobizContact, { at: number; calls: number }>()
  let calls = 0

  const isThere = (contact: VobizContact, { searchLagMs, searchLagCalls }: VobizQuirks): boolean => {
    const birth = births.get(contact)
    if (birth === undefined) return true
    return Date.now() - birth.at >= searchLagMs && calls - birth.calls > searchLagCalls
  }

  return {
    /** Tells of a new contact. */
    born: (contact: VobizContact) => births.set(contact, { at: Date.now(), calls }),
    find(wanted: Wanted, quirks: VobizQuirks): readonly VobizContact[] {
      calls += 1
      const found = findAsTold(contacts, wanted, quirks)
      if (quirks.searchLagMs === 0 && quirks.searchLagCalls === 0) return found
      return found.filter((contact) => isThere(contact, quirks))
    },
    clear() {
      births = new WeakMap()
      calls = 0
    },
  }
}

function findAsTold(contacts: VobizContacts, wanted: Wanted, quirks: VobizQuirks): readonly VobizContact[] {
  const { search, tag } = wanted
  const { searchFinds, numberForm, tagFilter } = quirks
  const isExact = tagFilter === 'exact'
  const isUsual = (searchFinds === 'as-quirk' || search === undefined) && numberForm === 'plus'
  const query: VobizQuery = {
    ...(isUsual && search !== undefined && { search, exact: quirks.search === 'exact' }),
    ...(isExact && tag !== undefined && { tag }),
  }
  const found = contacts.find(query)
  if (isUsual && (isExact || tag === undefined)) return found
  return found.filter(
    (contact) =>
      (isUsual || search === undefined || isHit(contact, search, quirks)) &&
      (isExact || tag === undefined || hasTag(contact, tag, tagFilter)),
  )
}

function isHit({ name, phone_number }: VobizContact, search: string, quirks: VobizQuirks): boolean {
  const number = inNumberForm(phone_number, quirks.numberForm)
  const matches = (value: string, wanted = search) =>
    quirks.search === 'exact'
      ? value.toLowerCase() === wanted.toLowerCase()
      : value.toLowerCase().includes(wanted.toLowerCase())
  switch (quirks.searchFinds) {
    case 'as-quirk':
      return matches(name) || matches(number)
    case 'without-plus':
      return !search.includes('+') && (matches(name) || matches(number.replace(/\D/g, '')))
    case 'twice-decoded': {
      const wanted = decodedAgain(search)
      return matches(name, wanted) || matches(number, wanted)
    }
    case 'names':
      return matches(name)
    case 'numbers':
      return matches(number)
    case 'nobody':
      return false
    case 'everybody':
      return true
  }
}

/** As a proxy does that decodes what was decoded: a + is a blank to it, and `%2B` a +. */
function decodedAgain(search: string): string {
  try {
    return decodeURIComponent(search.replaceAll('+', ' '))
  } catch {
    return search
  }
}

function hasTag({ tags }: VobizContact, tag: string, filter: VobizQuirks['tagFilter']): boolean {
  const wanted = tag.toLowerCase()
  return filter === 'ignored' || tags.some((own) => isTag(own.toLowerCase(), wanted, filter))
}

const isTag = (own: string, wanted: string, filter: VobizQuirks['tagFilter']): boolean =>
  filter === 'beginning' ? own.startsWith(wanted) : own === wanted
