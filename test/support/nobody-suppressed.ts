import type { SuppressionWatch } from '../../src/services/suppressions/watch-suppressions.ts'

/** For tests of what is sent when nobody is on the suppression list. */
export const nobodySuppressed: SuppressionWatch = { barred: { none: true, on: () => 0 }, refresh: () => undefined }
