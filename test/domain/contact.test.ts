import { describe, expect, test } from 'vitest'
import { displayName } from '../../src/domain/contact.ts'

describe('the display name', () => {
  test.each([
    [{ name: 'Jane Smith', firstName: 'J.', lastName: 'S.' }, 'Jane Smith'],
    [{ name: undefined, firstName: 'Jane', lastName: 'Smith' }, 'Jane Smith'],
    [{ name: undefined, firstName: 'Jane', lastName: undefined }, 'Jane'],
    [{ name: undefined, firstName: undefined, lastName: 'Smith' }, 'Smith'],
    [{ name: undefined, firstName: undefined, lastName: undefined }, undefined],
    [{ name: undefined, firstName: 'محمد', lastName: '🎉' }, 'محمد 🎉'],
  ])('of %j is %s', (parts, name) => {
    expect(displayName(parts)).toBe(name)
  })
})
