import { describe, expect, it } from 'vitest'
import { readCountryCode } from '../../src/domain/country-code.ts'
import { readPhoneOf } from '../../src/domain/phone.ts'

describe('a country code', () => {
  it.each([
    ['IN', 'IN'],
    ['in', 'IN'],
    ['91', 'IN'],
    ['+91', 'IN'],
    ['0091', 'IN'],
    ['33', 'FR'],
    ['XK', 'XK'],
    ['383', 'XK'],
  ])('%j is %s', (text, country) => {
    expect(readCountryCode(text)).toBe(country)
  })

  it.each([
    ['1', 'US'],
    ['7', 'RU'],
    ['44', 'GB'],
    ['47', 'NO'],
    ['61', 'AU'],
  ])('%s, which several countries share, is that of %s, whose plan is that of all', (text, country) => {
    expect(readCountryCode(text)).toBe(country)
  })

  it.each(['', 'XX', 'UK', 'IND', 'India', '0', '091', '999', '800', '1684', '+', '00', '91.0', '9 1', '९१'])(
    '%j is none',
    (text) => {
      expect(readCountryCode(text)).toBeUndefined()
    },
  )
})

describe('a number of a country', () => {
  it.each([
    ['US', '+1 242 365 1234', '+12423651234'],
    ['BS', '242 365 1234', '+12423651234'],
    ['GB', '01534 123456', '+441534123456'],
    ['IT', '347 123 4567', '+393471234567'],
    ['FR', '+33612345678', '+33612345678'],
  ])('%s may be of another one that shares its code: %s', (country, text, e164) => {
    expect(readPhoneOf(country, text)).toMatchObject({ e164 })
  })

  it.each([
    ['IN', '+33612345678'],
    ['IN', '0033612345678'],
    ['FR', '+3612345678'],
    ['AU', '0011 65 8123 4567'],
  ])('%s is refused where it is written as one of another: %s', (country, text) => {
    expect(readPhoneOf(country, text)).toMatchObject({ code: 'phone_ambiguous' })
  })
})
