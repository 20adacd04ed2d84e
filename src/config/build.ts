import { readFileSync } from 'node:fs'
import type { Build } from '../domain/build.ts'
import type { Variables } from './reading.ts'

/** `revision` where nobody said from which commit: a checkout, or an image that was built without one. */
export const unknownRevision = 'unknown'

/** The image sets `GATEWAY_REVISION` when it is built. Something else than the name of a commit is not shown to anybody. */
export function readBuild({ GATEWAY_REVISION = '' }: Variables): Build {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Build
  return { version, revision: /^[\w.-]{1,64}$/.test(GATEWAY_REVISION) ? GATEWAY_REVISION : unknownRevision }
}
