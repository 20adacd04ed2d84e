/** Values that behave the same in every simulator, for trying a refusal without any set-up. */

/** An e-mail address at this domain is refused. */
export const refusedEmailDomain = 'invalid.example'
/** A phone with this ending is on the blacklist (at Octopush, the one provider that has one). */
export const blacklistedPhoneEnding = '0404'

export function isRefusedEmail(value: unknown): boolean {
  return typeof value === 'string' && value.toLowerCase().endsWith(`@${refusedEmailDomain}`)
}

export function isBlacklistedPhone(phoneNumber: string): boolean {
  return phoneNumber.endsWith(blacklistedPhoneEnding)
}
