import { expect, test } from 'vitest'
import { ReachWatch } from '../../src/providers/reach-watch.ts'

function setUp() {
  const said: [object, string][] = []
  const log = { debug() {}, error() {}, warn: (fields: object, text: string) => void said.push([fields, text]) }
  return { watch: new ReachWatch('oblic-main'), log, said }
}

test('why a provider is out of reach is said once for each change, and that it is back', () => {
  const { watch, log, said } = setUp()
  for (const cause of ['ECONNREFUSED', 'ECONNREFUSED', 'ENOTFOUND']) watch.lost(cause, undefined, log)
  watch.reached(log)
  watch.reached(log)
  watch.lost('ECONNREFUSED', undefined, log)
  expect(said.map(([fields]) => fields)).toEqual([
    { account: 'oblic-main', cause: 'ECONNREFUSED' },
    { account: 'oblic-main', cause: 'ENOTFOUND' },
    { account: 'oblic-main', cause: 'ENOTFOUND' },
    { account: 'oblic-main', cause: 'ECONNREFUSED' },
  ])
  expect(said[2]?.[1]).toContain('in reach again')
})

test.each([
  'CERT_HAS_EXPIRED',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
])('a certificate that is not accepted needs a person, who is told: %s', (cause) => {
  const { watch, log, said } = setUp()
  watch.lost(cause, undefined, log)
  expect(said[0]?.[1]).toContain('a person has to see to it')
})
