const keyBytes = 32
const forms = [
  ['base64url', /^[A-Za-z0-9_-]{43}=?$/],
  ['hex', /^[0-9a-fA-F]{64}$/],
] as const

/** The bytes of a `CURSOR_KEY`; `undefined` for anything but 32 bytes in base64url or hexadecimal. */
export function parseCursorKey(text: string): Buffer | undefined {
  const [encoding] = forms.find(([, pattern]) => pattern.test(text)) ?? []
  const key = encoding && Buffer.from(text, encoding)
  return key?.length === keyBytes ? key : undefined
}
