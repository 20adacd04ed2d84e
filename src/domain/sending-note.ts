/** That contacts are about to be sent to an account, as whoever sends them notes it for whoever takes over. */
export type SendingNote = {
  readonly account: string
  /** Places of the contacts in the request. */
  readonly indexes: readonly number[]
  /** When it was noted, in milliseconds since 1970; notes of earlier versions do not say it. */
  readonly at: number | undefined
}

export function writeSendingNote(account: string, indexes: readonly number[], at: number): string {
  return `${account} ${indexes.join(',')} ${at}`
}

/** `undefined`: it notes something else. */
export function readSendingNote(text: string): SendingNote | undefined {
  const [account = '', indexes, at] = text.split(' ')
  if (indexes === undefined) return undefined
  return { account, indexes: indexes.split(',').map(Number), at: /^\d{1,13}$/.test(at ?? '') ? Number(at) : undefined }
}
