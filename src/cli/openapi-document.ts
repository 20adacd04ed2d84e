import { pino } from 'pino'
import { createApp, type Services } from '../app.ts'

/** The API's document as this version describes it, with the default limits; as indented JSON. */
export async function openapiDocument(version: string): Promise<string> {
  const app = await createApp(noServices, {
    version,
    docs: true,
    publicUrl: () => '',
    logger: pino({ level: 'silent' }),
    limits: { jsonBytes: 2 * 1024 * 1024, batchContacts: 1000, deadlineMs: 15_000 },
  })
  await app.ready()
  return `${JSON.stringify(app.swagger(), null, 2)}\n`
}

/** Routes are described, not called. */
const noServices: Services = {
  clients: { byKey: () => undefined },
  isTrustedProxy: () => false,
  lists: new Map(),
  addContacts: () => Promise.reject(new Error('not to be called')),
  idempotently: () => Promise.reject(new Error('not to be called')),
  notReady: async () => undefined,
}
