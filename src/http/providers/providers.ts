import { describeAccount } from '../../services/catalog/describe-account.ts'
import type { App } from '../app-type.ts'
import { type Accounts, usableAccounts } from '../contacts/find-account.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { ProviderAccountsSchema } from './provider-schema.ts'

/** `GET /providers`. */
export function providersRoute(app: App, services: { readonly accounts: Accounts }): void {
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
