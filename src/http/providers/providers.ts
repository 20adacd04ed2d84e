import { describeAccount } from '../../services/catalog/describe-account.ts'
import type { Routes } from '../app-type.ts'
import { usableAccounts } from '../contacts/find-account.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import type { Services } from '../services.ts'
import { ProviderAccountsSchema } from './provider-schema.ts'

/** `GET /providers`. */
export function providersRoute(app: Routes, services: Pick<Services, 'accounts'>): void {
  app.get(
    '/providers',
    {
      config: { scope: 'contacts:read' },
      schema: {
        operationId: 'getProviders',
        summary: 'Show the accounts that you may use, and what each can do',
        description:
          'The accounts that the client may use: what each can do, requires and drops, and whether it works.',
        tags: ['Providers'],
        response: {
          200: { description: 'The accounts.', content: { 'application/json': { schema: ProviderAccountsSchema } } },
          ...problemResponses(...commonProblems),
        },
      },
    },
    async (request) => ({ items: usableAccounts(services.accounts, clientOf(request)).map(describeAccount) }),
  )
}
