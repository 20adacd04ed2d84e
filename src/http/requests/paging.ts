import { Type } from 'typebox'

/** Items on a page of which nobody says how long it is to be. */
export const defaultPageSize = 25

export const limitSchema = Type.Integer({
  format: 'int32',
  minimum: 1,
  maximum: 100,
  default: defaultPageSize,
  description: 'The most items in one page.',
})

export const cursorSchema = Type.String({
  minLength: 1,
  maxLength: 2_000,
  description: 'nextCursor of the page before; the other parameters must be as they were then. It holds for a day.',
})

/** The `Link` header to the next page. */
export function nextLink(
  publicUrl: string,
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const search = given.map(([name, value]) => `${name}=${encodeURIComponent(value as string | number)}`).join('&')
  return `<${publicUrl}${path}?${search}>; rel="next"`
}
