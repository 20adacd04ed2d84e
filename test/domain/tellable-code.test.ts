import { expect, test } from 'vitest'
import { tellableCode } from '../../src/domain/tellable-code.ts'

test.each([
  ...['INVALID_EMAIL', 'NOT_AUTHENTICATED', 'RESOURCE_NOT_FOUND', 'IP_NOT_WHITELISTED', 'TOO_MANY_REQUESTS'],
  ...['INSUFFICIENT_BALANCE', 'ACCOUNT_INACTIVE', 'RATE_LIMIT_EXCEEDED', 'DUPLICATE_CONTACT', 'VALIDATION_ERROR'],
  ...[
    'invalid-email',
    'invalidEmail',
    'InvalidEmailError',
    'no_such_audience',
    'error.contact.not_found',
    'ALREADY_EXISTS',
  ],
  ...['MIN_LENGTH', 'URI_TOO_LONG', 'conflict', '117', '0', '131047', 'E1001', 'P2002', 'err.42', 'HTTP/503'],
])('the code %s is told', (code) => {
  expect(tellableCode(code)).toBe(code)
})

test.each([
  // Names, as codes are written.
  ...[
    'Dupont',
    'dupont',
    'DUPONT',
    'JEAN_DUPONT',
    'jean.dupont',
    'JeanDupont',
    'Zanzibar',
    'DUPONT_NOT_FOUND',
    'Max',
    'Grant',
  ],
  ...['contact:Dupont', 'INVALID_EMAIL_DUPONT', 'E_Dupont', 'Dupont1001', 'D1001-Dupont', 'J'],
  // Addresses and secrets.
  ...[
    '33612345678',
    '336_123_45678',
    '1234567',
    'jane@example.com',
    'sk1f9d3e7c',
    'Jane Smith',
    'a\nb',
    '',
    'x'.repeat(65),
  ],
])('what may be somebody, such as %j, is not', (code) => {
  expect(tellableCode(code)).toBeUndefined()
})
