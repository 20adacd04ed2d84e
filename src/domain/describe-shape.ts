/** Deeper than this, longer lists of members and longer names say nothing more of a form. */
const deepest = 5
const mostMembers = 30
const nameForm = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/
/** Under these stand members that people have named. */
const namedByPeople = /attributes|custom|fields|properties/i
const noName = /(?!)/
/** A shape is cut here, in UTF-16 units. */
const longestShape = 1_000

/**
 * The form of an answer that was not as documented, for the log: the types and member names of its JSON, never a value.
 * A name that is no identifier may be data (a number as a key), and one of an attribute somebody's: both are shown as `*`.
 * Of an array one item is shown.
 */
export function describeShape(text: string): string {
  if (text.trim() === '') return 'empty'
  try {
    return describeShapeOf(JSON.parse(text))
  } catch {
    return `no JSON, ${text.length} characters${/^\s*<(!doctype|html)/i.test(text) ? ' of HTML' : ''}`
  }
}

/** The same of a value. */
export function describeShapeOf(value: unknown): string {
  return shapeOf(value, 0).slice(0, longestShape)
}

function shapeOf(value: unknown, depth: number, names = nameForm): string {
  if (value === null) return 'null'
  if (typeof value !== 'object') return typeof value
  if (depth >= deepest) return Array.isArray(value) ? '[…]' : '{…}'
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${shapeOf(value[0], depth + 1, names)}]`
  const members = Object.entries(value)
    .slice(0, mostMembers)
    .map(([name, member]) => {
      const within = names === noName || namedByPeople.test(name) ? noName : nameForm
      return `${names.test(name) ? name : '*'}: ${shapeOf(member, depth + 1, within)}`
    })
  if (Object.keys(value).length > mostMembers) members.push('…')
  return `{${members.join(', ')}}`
}
