import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'

const root = join(import.meta.dirname, '..')
const target = join(root, 'dist')
/** They look for files of their own beside their code, and so stay where they are. */
const readingTheirFiles = [/^@fastify\/swagger-ui(\/|$)/, /^pino(-pretty)?(\/|$)/]

/**
 * Bundles what the image runs into `dist/`: `start.js` (the gateway), `contact-gateway.js` (the command line) and what they
 * load later. Files that the sources read stay in `src/` and `node_modules/` (ADR 0024). Resolves with whether anything
 * changed.
 */
export async function build(): Promise<boolean> {
  const bundle = await rolldown({
    input: { start: join(root, 'src/start.js'), 'contact-gateway': join(root, 'src/cli/main.ts') },
    platform: 'node',
    external: readingTheirFiles,
    plugins: [placesOfSources],
  })
  // One letter beyond ASCII, and V8 keeps two bytes for each of them all.
  const { output } = await bundle.generate({
    format: 'esm',
    charset: 'ascii',
    comments: false,
    chunkFileNames: '[name].js',
  })
  await bundle.close()
  mkdirSync(target, { recursive: true })
  const parts = output.map((part) => ({ name: part.fileName, text: part.type === 'chunk' ? part.code : part.source }))
  const written = parts.filter(({ name, text }) => replaceFile(join(target, name), String(text)))
  const gone = readdirSync(target).filter((name) => !parts.some((part) => part.name === name))
  for (const name of gone) rmSync(join(target, name), { recursive: true })
  return written.length + gone.length > 0
}

/** A module that looks for a file beside itself finds it where it was, and not beside the bundle. */
const placesOfSources: Plugin = {
  name: 'places-of-sources',
  transform(code, id) {
    if (!id.startsWith(join(root, 'src/'))) return null
    if (/import\.meta\.(?:dirname|filename)/.test(code))
      this.error('In the bundle only import.meta.url is that of the source.')
    if (!code.includes('import.meta.url')) return null
    const place = JSON.stringify(relative(target, id))
    return code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`)
  },
}

/** At once, for a process that starts meanwhile. `false`: it was like this already. */
function replaceFile(file: string, text: string): boolean {
  const before = readdirSync(target).includes(relative(target, file)) ? readFileSync(file, 'utf8') : undefined
  if (before === text) return false
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
  return true
}

if (import.meta.main) await build()
