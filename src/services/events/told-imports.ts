import type { ImportDraft, ImportStore, JobHandler, JobLease } from '../import-store-port.ts'

/** The same store; `left` is told when an import may have ended, whose event is then carried at once. */
export function toldImports(store: ImportStore, left: () => void): ImportStore {
  const told = (draft: ImportDraft): ImportDraft => ({
    ...draft,
    async publish() {
      await draft.publish()
      // One without rows has ended.
      left()
    },
  })
  return {
    ...store,
    begin: async (record) => told(await store.begin(record)),
    async cancel(id) {
      const isCanceled = await store.cancel(id)
      if (isCanceled) left()
      return isCanceled
    },
    work: (account, handler, options) => store.work(account, watched(handler, left), options),
  }
}

function watched(handler: JobHandler, left: () => void): JobHandler {
  return async (job, payload, lease) => {
    const commit: JobLease['commit'] = async (result, markUpTo) => {
      const answer = await lease.commit(result, markUpTo)
      if (answer === 'stop') left()
      return answer
    }
    await handler(job, payload, { ...lease, commit })
  }
}
