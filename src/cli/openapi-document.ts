import { pino } from 'pino'
import { composeGateway } from '../compose.ts'
import { checkConfig, formatMistakes } from '../config/load.ts'
import type { Build } from '../domain/build.ts'
import { toOpenapi30 } from '../http/openapi/to-openapi-30.ts'

/** Where `npm start` listens when nothing is configured. */
const sandboxUrl = 'http://127.0.0.1:8080'

/** The API's document as this version describes it, with the default limits; as indented JSON. */
export async function openapiDocument(build: Build): Promise<string> {
  const server = { publicUrl: sandboxUrl }
  const checked = checkConfig({ server, accounts: {}, clients: {} }, { DATA_DIR: ':memory:' })
  if ('mistakes' in checked) throw new Error(formatMistakes(checked.mistakes))
  const { app, close } = await composeGateway(checked.config, pino({ level: 'silent' }), build)
  await app.ready()
  const document = `${JSON.stringify(app.swagger(), null, 2)}\n`
  await close()
  return document
}

/** The same in OpenAPI 3.0, for tools without 3.1. */
export function openapiDocument30(document: string): string {
  return `${JSON.stringify(toOpenapi30(JSON.parse(document) as object), null, 2)}\n`
}
