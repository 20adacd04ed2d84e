/** The forms of an id; the first is documented, the others are assumed. */
export const vobizIdForms = ['uuid', 'integer', 'number', 'ulid', 'prefixed', 'hex', 'dotted', 'long'] as const
export type VobizIdForm = (typeof vobizIdForms)[number]

/** Ids in the order of creation, so that documented examples can name the first contact of a fresh simulator. */
export function vobizId(number: number, form: VobizIdForm): string {
  const digits = String(number).padStart(12, '0')
  switch (form) {
    case 'uuid':
      return `00000000-0000-4000-8000-${digits}`
    case 'integer':
    case 'number':
      return String(1_000_000 + number)
    case 'ulid':
      return `01JDQ0Z8V7M3N5${digits}`
    case 'prefixed':
      return `c_${digits}`
    case 'hex':
      return `65f1c0ffee00${digits}`
    case 'dotted':
      return `MA.contact~${digits}`
    case 'long':
      return `contact-${digits.padStart(112, '0')}`
  }
}
