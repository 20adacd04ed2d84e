import { pino } from 'pino'
import { composeGateway } from '../compose.ts'
import { checkConfig, formatMistakes } from '../config/load.ts'
import type { Build } from '../domain/build.ts'

/** The API's document as this version describes it, with the default limits; as indented JSON. */
export async function openapiDocument(build: Build): Promise<string> {
  const checked = checkConfig({ accounts: {}, clients: {} }, { DATA_DIR: ':memory:' })
  if ('mistakes' in checked) throw new Error(formatMistakes(checked.mistakes))
  const { app, close } = await composeGateway(checked.config, pino({ level: 'silent' }), build)
  await app.ready()
  const document = `${JSON.stringify(app.swagger(), null, 2)}\n`
  await close()
  return document
}
