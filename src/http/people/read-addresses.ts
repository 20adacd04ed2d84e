import type { Static } from 'typebox'
import { readEmail } from '../../domain/email.ts'
import { readPhone } from '../../domain/phone.ts'
import type { PersonAddresses } from '../../services/people/search-people.ts'
import { Problem, type ProblemPlace } from '../problems/problems.ts'
import type { PersonAddressesSchema } from './person-schema.ts'

/** Taken as it is, whether or not its range is known: who looks for a person has what stands somewhere. */
const wholeNumber = /^\+[1-9]\d{6,14}$/

/**
 * The addresses in the form in which they are asked for.
 * @throws Problem that names each address that is none
 */
export function readAddresses(given: Static<typeof PersonAddressesSchema>): PersonAddresses {
  const errors: ProblemPlace[] = []
  const number = (field: 'phone' | 'whatsapp') => {
    const text = given[field]
    if (text === undefined || wholeNumber.test(text)) return text
    const read = readPhone(text)
    if ('e164' in read) return read.e164
    errors.push({ pointer: `#/${field}`, ...read })
    return undefined
  }
  const email = () => {
    if (given.email === undefined) return undefined
    const read = readEmail(given.email)
    if ('email' in read) return read.email
    errors.push({ pointer: '#/email', ...read })
    return undefined
  }
  const addresses = { phone: number('phone'), email: email(), whatsapp: number('whatsapp') }
  if (errors.length > 0) throw new Problem('validation-failed', { errors })
  return addresses
}
