/** True when two tags are one: providers keep them in another case, or without white space at the ends. */
export function isSameTag(one: string, other: string): boolean {
  return one === other || folded(one) === folded(other)
}

function folded(tag: string): string {
  return tag.normalize('NFC').trim().toLowerCase()
}
