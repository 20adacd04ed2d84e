import type { Path } from './mistakes.ts'
import type { Reading } from './reading.ts'

const placeholder = /^(?:change[-_ ]?me|replace[-_ ]?me|secret|password|placeholder|todo|your[-_ ].*|<.*>|(.)\1*)$/i

/**
 * Refuses credentials that cannot be real: empty, not fit for an HTTP header, or what stands in examples. Providers do
 * not document how long theirs are: a short one is no mistake, and worth knowing.
 */
export function refuseWeakCredential(text: string, path: Path, reading: Reading): void {
  if (text.trim() === '') reading.mistakes.add(path, 'is empty')
  else if (!/^[\x21-\x7e]+$/.test(text)) {
    reading.mistakes.add(path, 'must be of ASCII characters without white space, as it is sent in a header')
  } else if (placeholder.test(text)) reading.mistakes.add(path, 'is a placeholder, no secret')
}
