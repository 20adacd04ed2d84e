/** The people of a benchmark's file: row `n` is always the same one, so that a simulator can be asked for exactly them. */
export type Person = {
  readonly name: string
  readonly email: string
  readonly phone: string
  /** Where the row ends up: rejected everywhere, only where an e-mail is needed, or nowhere new. */
  readonly kind: 'good' | 'badPhone' | 'noEmail' | 'repeated'
}

export function person(n: number): Person {
  if (n % 1_000 === 500) return { ...person(n - 1), kind: 'repeated' }
  const digits = String(n).padStart(7, '0')
  const name = `Person ${digits}`
  const email = `person-${digits}@example.com`
  const phone = `+91982${digits}`
  if (n % 100 === 7) return { name, email, phone: '12', kind: 'badPhone' }
  if (n % 100 === 13) return { name, email: '', phone, kind: 'noEmail' }
  return { name, email, phone, kind: 'good' }
}

/** The file, in pieces of some kilobytes. */
export function* csvOf(rows: number): Generator<string> {
  let piece = 'name,email,phone\n'
  for (let n = 0; n < rows; n++) {
    const { name, email, phone } = person(n)
    piece += `${name},${email},${phone}\n`
    if (piece.length < 60_000) continue
    yield piece
    piece = ''
  }
  yield piece
}

/** The keys under which an account has to hold people of a file: e-mails at Oblic, numbers at the others. */
export function* expectedAt(provider: 'oblic' | 'octopush' | 'vobiz', rows: number): Generator<string> {
  for (let n = 0; n < rows; n++) {
    const { kind, email, phone } = person(n)
    if (kind === 'badPhone' || kind === 'repeated') continue
    if (provider === 'oblic') {
      if (kind !== 'noEmail') yield email
      // Numbers that end so are on the simulator's blacklist.
    } else if (provider === 'vobiz' || !phone.endsWith('0404')) yield phone
  }
}
