import { type CheckedConfig, type CheckOptions, check, failure } from './check-config.ts'
import { readEnvironment } from './environment.ts'
import { readDocument } from './read-document.ts'
import { errorCode, Reading, readTextFile, type Variables } from './reading.ts'

export { type CheckedConfig, checkConfig } from './check-config.ts'
export { formatMistakes, type Mistake } from './mistakes.ts'

/** `sandbox`: no file is configured. The sandbox's configuration is a document of its own, for `checkConfig`. */
export type LoadedConfig = CheckedConfig | { readonly sandbox: true }

export type LoadOptions = CheckOptions & { readonly env: Variables }

/**
 * Reads the whole configuration: the environment, the file that `GATEWAY_CONFIG` names, and the files with secrets.
 * All mistakes come at once, each with its place, none with a value. Nothing but these files is touched.
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const { env, readFile = readTextFile } = options
  const reading = new Reading(env, readFile)
  const path = env.GATEWAY_CONFIG ?? ''
  if (path === '') return sandbox(env, reading)
  reading.files.add(path)
  const document = readFileAt(path, readFile, reading)
  if (reading.mistakes.count === 0) return check(document, env, reading, { ...options, file: path })
  readEnvironment(env, reading)
  return failure(reading)
}

function sandbox(env: Variables, reading: Reading): LoadedConfig {
  readEnvironment(env, reading)
  if (env.NODE_ENV === 'production') {
    reading.mistakes.add(['GATEWAY_CONFIG'], 'must name a configuration file: there is no sandbox in production')
  }
  return reading.mistakes.count === 0 ? { sandbox: true } : failure(reading)
}

function readFileAt(path: string, readFile: (path: string) => string, { mistakes }: Reading): unknown {
  let text: string
  try {
    text = readFile(path)
  } catch (error) {
    mistakes.add(['GATEWAY_CONFIG'], `names a file that cannot be read (${errorCode(error)})`)
    return undefined
  }
  return readDocument(text, mistakes)
}
