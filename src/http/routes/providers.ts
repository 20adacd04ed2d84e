import { describeAccount } from '../../services/describe-account.ts'
import type { App } from '../app-type.ts'
import { type Accounts, usableAccounts } from '../find-account.ts'
import { clientOf } from '../hooks/identify.ts'
import { commonProblems, problemResponses } from '../schemas/problem.ts'
import { ProviderAccountsSchema } from '../schemas/provider.ts'

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
