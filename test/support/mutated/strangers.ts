import { plantedTexts } from '../../../src/simulators/planted-person.ts'
import type { Held, Person } from './provider-model.ts'

/**
 * People whom the caller does not name: their names, addresses, numbers, tags and attributes are theirs alone, and tell
 * themselves wherever they come out.
 */
export function makeStrangers(number: number, count: number): Person[] {
  return Array.from({ length: count }, (_, n) => {
    const own = `${number}x${n}`
    return {
      name: `Planted ${own} Stranger`,
      phone: `+9170${String((number * 8 + n) % 1e8).padStart(8, '0')}`,
      email: `planted-${own}@private.example`,
      tags: [`planted-tag-${own}`],
      attributes: { note: `planted note ${own}`, [`planted_${own}`]: 'yes' },
    }
  })
}

export const isStranger = ({ name }: Person): boolean => name.startsWith('Planted ')

/** Twelve digits after a dash are the end of a request's id. */
const ofStrangers = new RegExp([...plantedTexts, '(?<![\\d-])9170\\d{8}(?!\\d)'].join('|'), 'gi')

/** What of strangers stands in a text, each with what stands around it. */
export function strangersIn(text: string): string[] {
  return text.matchAll(ofStrangers).map(around(text)).toArray()
}

const ofAnybody = new RegExp(`${ofStrangers.source}|caller[ -]\\d|(?<![\\d-])9198\\d{8}(?!\\d)`, 'gi')

/** The same of anybody at all, for texts in which nobody has a place. */
export function peopleIn(text: string): string[] {
  return text.matchAll(ofAnybody).map(around(text)).toArray()
}

function around(text: string) {
  return ({ index }: RegExpExecArray) => text.slice(Math.max(0, index - 120), index + 80)
}

/** Where a text names one of these people, by what is theirs alone. */
export function namedIn(text: string, people: readonly Held[]): string[] {
  const lower = text.toLowerCase()
  return people.flatMap(({ name, phone, email = name, id }) => {
    const at = [name, phone.slice(1), email, id]
      .map((part) => lower.indexOf(part.toLowerCase()))
      .find((one) => one >= 0)
    return at === undefined ? [] : [text.slice(Math.max(0, at - 120), at + 80)]
  })
}
