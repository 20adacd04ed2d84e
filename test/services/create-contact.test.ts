import { expect, test } from 'vitest'
import type { Account } from '../../src/providers/account.ts'
import { BatchSizes } from '../../src/providers/batch-sizes.ts'
import { oblic } from '../../src/providers/oblic/index.ts'
import { createContact, prepareContact } from '../../src/services/contacts/create-contact.ts'
import { createListKeeper } from '../../src/services/delivery/list-keeper.ts'

test('after an earlier try that died, a provider that can be neither asked nor told twice is sent nothing', async () => {
  const target = { list: 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7' }
  /** Without a channel and what bounds calls: sending would throw. */
  const policies = { sizes: new BatchSizes() }
  const account = {
    id: 'o',
    adapter: oblic,
    settings: {},
    policies,
    maxConcurrency: 1,
    defaultTarget: target,
  } as unknown as Account
  const at = { account, target, fields: oblic.fields({}) }
  const prepared = prepareContact({
    at,
    draft: { name: 'Jane', email: 'jane@example.com' },
    onConflict: 'update',
    from: undefined,
  })
  const context = { deadlineAt: performance.now() + 1_000, log: { debug() {}, error() {} } }
  expect(await createContact(prepared, { again: true }, createListKeeper(), context)).toMatchObject({
    outcome: { status: 'unknown', error: { code: 'provider_timeout', retriable: false } },
  })
  // The first try is sent: here that ends in a defect, of which nobody knows what it did.
  expect(await createContact(prepared, { again: false }, createListKeeper(), context)).toEqual({
    failure: { kind: 'defect' },
    settleable: false,
  })
})
