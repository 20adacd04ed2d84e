/** True when two texts are one to a provider that tidies: without case, and without white space at the ends. */
export function isSameText(one: string, other: string): boolean {
  return one === other || folded(one) === folded(other)
}

function folded(text: string): string {
  return text.normalize('NFC').trim().toLowerCase()
}
