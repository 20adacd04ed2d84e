/** How long the values of a contact may be, in Unicode code points, and how many there may be of each. */
export const contactLimits = {
  ref: 128,
  name: 255,
  firstName: 255,
  lastName: 255,
  email: 254,
  phone: 64,
  whatsapp: 64,
  tag: 64,
  tags: 50,
  attribute: 1_000,
  attributes: 50,
} as const

const attributeNameForm = '[A-Za-z][A-Za-z0-9_]{0,63}'

/** What an attribute of a contact may be called: a letter, then letters, digits and `_`; 64 in all. */
export const attributeNamePattern = `^(?!constructor$|prototype$)${attributeNameForm}$`

/** The same for the configuration, where a name that no contact can have does no harm. */
export const configuredAttributePattern = `^${attributeNameForm}$`

/**
 * True when a text has more than `limit` Unicode code points, as JSON Schema counts. The one way in which texts of
 * callers are measured.
 */
export function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false
  if (text.length > limit * 2) return true
  let points = 0
  for (const _ of text) points++
  return points > limit
}
