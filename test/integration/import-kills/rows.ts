import type { Random } from '../../support/random.ts'
import type { Provider } from '../../support/start-fleet.ts'

/** A row of a file, and the only places where it must not get in. */
export type Row = {
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly repeats: boolean
}

/** A file of rows: most are good; some have no e-mail, a bad number, a number that is refused, or repeat another. */
export function makeRows(random: Random, count: number): Row[] {
  const rows: Row[] = []
  for (let n = 0; n < count; n++) {
    const digits = String(n).padStart(7, '0')
    const chance = random.int(100)
    const earlier = rows.at(-1 - random.int(50))
    if (chance === 0 && earlier !== undefined && isGoodPhone(earlier)) {
      rows.push({ ...earlier, repeats: true })
      continue
    }
    const phone = chance === 1 ? '12' : `+91982${digits}`
    rows.push({
      name: `Row ${digits}`,
      email: chance === 2 ? '' : `row-${digits}@example.com`,
      phone,
      repeats: false,
    })
  }
  return rows
}

export function toCsv(rows: readonly Row[]): string {
  return `name,email,phone\n${rows.map(({ name, email, phone }) => `${name},${email},${phone}\n`).join('')}`
}

/** What has to become of a row where nothing goes wrong. */
export function fateOf(row: Row, provider: Provider): 'in' | 'rejected' | 'skipped' {
  if (!isGoodPhone(row)) return 'rejected'
  // A row that an account cannot take repeats nobody there; what the provider refuses was taken.
  if (provider === 'oblic' && row.email === '') return 'rejected'
  if (row.repeats) return 'skipped'
  return provider === 'octopush' && row.phone.endsWith('0404') ? 'rejected' : 'in'
}

function isGoodPhone({ phone }: Row): boolean {
  return phone !== '12'
}
