import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { pageOf } from './console-page.ts'

/** A file of the console as a browser gets it. */
export type ConsoleFile = { readonly type: string; readonly bytes: Buffer }

/** The pages for people: one page, and the files that it loads. */
export type ConsolePages = {
  /** Of all files together: as long as it is the same, nothing has changed. */
  readonly digest: string
  readonly html: string
  readonly contentPolicy: string
  /** By their path below the digest. */
  readonly files: ReadonlyMap<string, ConsoleFile>
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** By the name under which the modules import them: as they are published, for browsers, without a build. */
const libraries: Readonly<Record<string, string>> = {
  preact: 'preact/dist/preact.mjs',
  'preact/hooks': 'preact/hooks/dist/hooks.mjs',
  htm: 'htm/dist/htm.mjs',
  'htm/preact': 'htm/preact/index.mjs',
  '@preact/signals': '@preact/signals/dist/signals.mjs',
  '@preact/signals-core': '@preact/signals-core/dist/signals-core.mjs',
  uplot: 'uplot/dist/uPlot.iife.min.js',
}
/** Half as large as its module, and made one by a last line. */
const notModules: Readonly<Record<string, string>> = { uplot: '\nexport default uPlot\n' }
const libraryStyles = 'uplot/dist/uPlot.min.css'

const sources = new URL('../../console/', import.meta.url)
const modules = new URL('../../../node_modules/', import.meta.url)

/** Reads all of it, once. */
export function readConsole(): ConsolePages {
  const own = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => types[extname(name)] !== undefined)
  const files = new Map<string, ConsoleFile>()
  for (const name of own.sort()) files.set(name, fileOf(name, new URL(name, sources)))
  const places = new Map<string, string>()
  for (const [name, path] of Object.entries(libraries)) {
    const place = `lib/${name}.js`
    places.set(name, place)
    const { type, bytes } = fileOf(place, new URL(path, modules))
    files.set(place, { type, bytes: Buffer.concat([bytes, Buffer.from(notModules[name] ?? '')]) })
  }
  files.set('lib/uplot.css', fileOf('uplot.css', new URL(libraryStyles, modules)))
  const hash = createHash('sha256')
  for (const [name, { bytes }] of files) hash.update(`${name}\0${bytes.length}\0`).update(bytes)
  const digest = hash.digest('hex').slice(0, 16)
  return { digest, files, ...pageOf(digest, [...files.keys()], places) }
}

function fileOf(name: string, at: URL): ConsoleFile {
  return { type: types[extname(name)] as string, bytes: readFileSync(at) }
}
