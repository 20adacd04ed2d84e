import type { Warning } from '../../domain/outcome.ts'
import type { WrittenContact } from '../../providers/adapter-port.ts'

/** What is known of a contact that is shown to a caller, and which parts of it are not what the provider showed. */
export function withShownAsSent(
  warnings: readonly Warning[],
  { unshown }: Pick<WrittenContact, 'unshown'>,
  title: string,
): readonly Warning[] {
  if (unshown === undefined) return warnings
  const parts = unshown.length === 0 ? 'the contact' : unshown.join(', ')
  const detail = `${title} did not show ${parts} in its answer; what stands here is what was sent.`
  return [...warnings, { code: 'shown_as_sent', pointer: unshown.length === 1 ? `/${unshown[0]}` : '', detail }]
}
