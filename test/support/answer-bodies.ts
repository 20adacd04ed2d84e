import type { Static } from 'typebox'
import type { BatchResultSchema } from '../../src/http/lists/list-schema.ts'
import type { OutcomeSchema } from '../../src/http/lists/outcome-schema.ts'
import type { ProblemSchema } from '../../src/http/problems/problem-schema.ts'
import type { ProviderAccountsSchema } from '../../src/http/providers/provider-schema.ts'

/** Bodies of answers, as the API's own schemas describe them: `call<BatchResult>(…)`. */
export type BatchResult = Static<typeof BatchResultSchema>
export type ContactResult = BatchResult['results'][number]
export type Outcome = Static<typeof OutcomeSchema>
export type Problem = Static<typeof ProblemSchema>
export type ProviderAccounts = Static<typeof ProviderAccountsSchema>
