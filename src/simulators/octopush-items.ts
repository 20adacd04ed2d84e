import { inNumberForm } from './number-forms.ts'
import type { OctopushQuirks } from './octopush-errors.ts'

/** What became of one contact. */
export interface StoredItem {
  phoneNumber: string
  email: string | null
  status: string
}

/** The documented answer to `POST /contact/create`, or another that the quirks ask for. */
export function showItems(stored: StoredItem[], quirks: OctopushQuirks): object {
  const items = stored.map((item) => showItem(item, quirks))
  if (quirks.reversesItems) items.reverse()
  switch (quirks.items) {
    case 'all':
    case 'strangers':
    case 'without-numbers':
    case 'masked':
      return { items }
    case 'absent':
      return {}
    case 'none':
      return { items: [] }
    case 'first':
      return { items: items.slice(0, 1) }
    case 'in-list-object':
      return { items: Object.fromEntries(items.map(({ phone_number, ...rest }) => [phone_number, rest])) }
  }
}

type Item = { phone_number?: string; email: string | null; status?: string | number }

function showItem({ phoneNumber, email, status }: StoredItem, quirks: OctopushQuirks): Item {
  const { items, itemStatus } = quirks
  return {
    ...(items !== 'without-numbers' && { phone_number: showNumber(phoneNumber, quirks) }),
    email,
    ...(itemStatus !== 'absent' && { status: showStatus(status, itemStatus) }),
  }
}

function showNumber(phoneNumber: string, { items, numberForm, answersWithoutPlus }: OctopushQuirks): string {
  if (items === 'strangers') return `+999${phoneNumber.slice(-7)}`
  if (items === 'masked') return `${phoneNumber.slice(0, 4)}****${phoneNumber.slice(-4)}`
  return inNumberForm(phoneNumber, answersWithoutPlus ? 'digits' : numberForm)
}

function showStatus(status: string, form: OctopushQuirks['itemStatus']): string | number {
  if (form === 'own') return status
  if (form === 'capitals') return status.toUpperCase()
  return form === 'number' ? 1 : form
}
