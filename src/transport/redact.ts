/** Shorter texts would black out ordinary words. */
const shortestSecret = 4
// From its first character on alone: what has no @ behind it is looked at once.
const emailAddress = /(?<![^\s"'<>,;:()@])[^\s"'<>,;:()@]+@[^\s"'<>,;:()@]+\.[^\s"'<>,;:()@]+/g
const phoneNumber = /\+?\d[\d\s().-]{5,}\d/g

/**
 * Makes a function that takes out of a provider's text: the given secrets (plain, base64, base64url and URL-encoded)
 * and whatever looks like an e-mail address or a phone number, since a provider may speak of another contact.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.filter((secret) => secret.length >= shortestSecret).flatMap(spellings)
  return (text) => {
    let clean = text
    for (const form of forms) clean = clean.replaceAll(form, '[redacted]')
    return clean.replace(emailAddress, '[e-mail]').replace(phoneNumber, '[number]')
  }
}

function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const base64 = bytes.toString('base64')
  return [
    ...new Set([
      secret,
      encodeURIComponent(secret),
      base64,
      base64.replace(/={1,2}$/, ''),
      bytes.toString('base64url'),
    ]),
  ]
}
