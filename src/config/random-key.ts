const keyBytes = 32
const forms = [
  { encoding: 'base64url', pattern: /^[A-Za-z0-9_-]{43}=?$/ },
  { encoding: 'hex', pattern: /^[0-9a-fA-F]{64}$/ },
] as const

/** The bytes of a key of the gateway's own as it is configured; `undefined` for anything but 32 bytes in base64url or hexadecimal. */
export function parseRandomKey(text: string): Buffer | undefined {
  const form = forms.find(({ pattern }) => pattern.test(text))
  const key = form && Buffer.from(text, form.encoding)
  return key?.length === keyBytes ? key : undefined
}

/** Random bytes are nearly all different; those of a repeated word or digit are not. */
export function isMadeUp(key: Buffer): boolean {
  return new Set(key).size < 16
}
