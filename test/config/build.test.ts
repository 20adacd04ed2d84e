import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readBuild } from '../../src/config/build.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

test('the version is that of package.json, the revision that of the variable', () => {
  expect(readBuild({ GATEWAY_REVISION: '98b7add' })).toEqual({ version, revision: '98b7add' })
})

test.each([undefined, '', 'two words', 'x'.repeat(65), '"\n'])('a revision that is none is unknown: %j', (revision) => {
  expect(readBuild({ GATEWAY_REVISION: revision })).toEqual({ version, revision: 'unknown' })
})
