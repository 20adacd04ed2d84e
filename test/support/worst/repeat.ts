/** A list of the same thing, without brackets. */
export function list(item: string, bytes: number): string {
  return `${item},`.repeat(Math.floor(bytes / (item.length + 1))).slice(0, -1)
}

/** Items that are told apart by their place, as many as there is room for. */
export function members(bytes: number, one: (at: number) => string): string {
  const all: string[] = []
  for (let at = 0, length = 0; ; at++) {
    const member = one(at)
    length += Buffer.byteLength(member) + 1
    if (length > bytes) return all.join(',')
    all.push(member)
  }
}

export function times(count: number, one: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => one(at)).join(',')
}

export function cell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
