/** The first characters of ids: each has a part of the suppression list, which lies in one slot of a cluster. */
export const listPartNames = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
export const listParts = [...listPartNames]

/** The entries of a part, by id. */
export function entriesKey(part: string): string {
  return `cgw:{suppressed ${part}}:entries`
}

/** Their ids in the order in which they were made. */
export function orderKey(part: string): string {
  return `cgw:{suppressed ${part}}:order`
}
