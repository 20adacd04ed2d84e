import { randomUUID } from 'node:crypto'

/** A contact that all three providers take, as the API has it. */
export type TestContact = { readonly name: string; readonly email: string; readonly phone: string }

/** Contacts that no other has: they can be told apart at every provider. `offset` parts the ranges of several tests. */
export function contactSource(offset = 0): (count: number) => TestContact[] {
  let next = offset
  const one = (): TestContact => {
    const serial = next++
    // The simulators have a use of their own for numbers that end so.
    if (serial % 10_000 === 404) return one()
    const digits = String(serial).padStart(7, '0')
    return { name: `Contact ${digits}`, email: `contact-${digits}@example.com`, phone: `+91982${digits}` }
  }
  return (count) => Array.from({ length: count }, one)
}

/** An idempotency key that nobody has used. */
export function freshKey(): string {
  return `key-${randomUUID()}`
}
