import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, matchesGlob, posix, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAst } from 'vitest/node'

/**
 * The house rules of docs/adr/0001, as data and as a check of any source tree. The check is itself tested against
 * small trees with one planted violation each.
 */

/** Who may import what. The first row whose `files` match a file is its row; globs are relative to src. */
type Layer = {
  readonly files: readonly string[]
  readonly imports: readonly string[]
  /** Of these only types. */
  readonly types?: readonly string[]
  readonly libraries: readonly string[]
  /** Node's own modules; all of them where it is not given. */
  readonly builtins?: readonly string[]
  /** Words of the runtime that the layer must not use: it is handed all that it needs. */
  readonly withoutGlobals?: readonly string[]
}

/** Modules that compute and do nothing else (`node:net` for its address arithmetic, `node:url` for names of hosts). */
const pureBuiltins = ['buffer', 'crypto', 'net', 'url', 'util']
const sharedByAdapters = [
  'providers/reading/**',
  'providers/!(registry|drift-watch|change-watch|execute|slots|retry-after|interpret-answer|token-source|policies|breaker|clock|pace|retry-budget|retry-policy).ts',
]
/** Of the folders beside the core of the providers the one that is no provider. */
const sharedFolder = 'reading'
const belowServices = ['domain/**', 'providers/{adapter-port,account,execute,fields,check-fields}.ts']
const outsideWorld = ['process', 'fetch', 'performance', 'Date.now', 'setTimeout', 'setInterval', 'console']

const layers: readonly Layer[] = [
  { files: ['main.ts'], imports: ['**'], libraries: ['pino'] },
  { files: ['log-output.ts'], imports: ['gathered-lines.ts'], libraries: ['pino', 'pino-pretty'] },
  { files: ['gathered-lines.ts'], imports: [], libraries: [] },
  {
    files: ['stop-on-signals.ts'],
    imports: [],
    types: ['compose.ts', 'log-output.ts', 'config/schema.ts'],
    libraries: ['pino'],
  },
  { files: ['processes/**'], imports: ['processes/**'], libraries: ['pino'] },
  { files: ['tune-memory.ts'], imports: [], libraries: [] },
  { files: ['cli/**'], imports: ['**'], libraries: ['commander', 'pino'] },
  { files: ['{compose,open-parts,gateway-services}.ts'], imports: ['**'], libraries: ['fastify', 'pino'] },
  {
    files: ['watched-storage.ts'],
    imports: ['config/**', 'imports/**', 'services/**', 'store/**'],
    types: ['http/services.ts'],
    libraries: ['fastify'],
  },
  {
    files: ['open-erasures.ts'],
    imports: ['services/**', 'imports/**', 'domain/**'],
    types: ['audit/**', 'config/**', 'live-catalog.ts', 'metrics/**', 'open-events.ts'],
    libraries: [],
  },
  {
    files: ['open-events.ts'],
    imports: ['services/**', 'live-endpoints.ts', 'http/webhooks/present-event.ts'],
    types: ['config/**', 'domain/**', 'metrics/**', 'providers/policies.ts'],
    libraries: ['fastify'],
  },
  {
    files: ['live-endpoints.ts'],
    imports: ['services/**', 'transport/**'],
    types: ['config/**', 'domain/**'],
    libraries: [],
  },
  {
    files: ['watched-suppressions.ts'],
    imports: ['config/**', 'services/**'],
    types: ['http/services.ts'],
    libraries: ['fastify'],
  },
  {
    files: ['live-catalog.ts'],
    imports: ['config/**', 'domain/**', 'providers/**', 'services/**', 'transport/**'],
    libraries: [],
  },
  {
    files: ['sending-services.ts'],
    imports: ['services/**'],
    types: ['http/services.ts', 'metrics/contact-metrics.ts'],
    libraries: [],
  },
  {
    files: ['verify/**'],
    imports: ['verify/**', 'domain/**', 'providers/{adapter-port,account,probing}.ts'],
    libraries: [],
  },
  { files: ['reload.ts'], imports: ['compose.ts', 'config/**'], libraries: ['fastify'] },
  { files: ['sandbox.ts'], imports: ['config/**', 'domain/**', 'simulators/**'], libraries: [] },
  {
    files: ['app.ts'],
    imports: ['domain/**', 'services/**', 'imports/**', 'http/**'],
    libraries: ['fastify', '@fastify/multipart'],
  },
  {
    files: ['config/**'],
    imports: ['config/**', 'domain/**', 'providers/{adapter-port,account,registry,fields,probing}.ts'],
    libraries: ['typebox', 'yaml'],
  },
  {
    files: ['domain/**'],
    imports: ['domain/**'],
    libraries: ['libphonenumber-js', 'validator'],
    builtins: pureBuiltins,
    withoutGlobals: outsideWorld,
  },
  { files: ['providers/registry.ts'], imports: ['providers/adapter-port.ts', 'providers/*/index.ts'], libraries: [] },
  {
    files: ['providers/*.ts'],
    imports: ['domain/**', 'providers/!(registry).ts', 'providers/reading/**'],
    libraries: ['typebox'],
  },
  {
    files: ['providers/reading/**'],
    imports: ['domain/**', ...sharedByAdapters],
    libraries: ['typebox'],
    builtins: pureBuiltins,
    withoutGlobals: outsideWorld,
  },
  {
    files: ['providers/vobiz/**'],
    imports: ['domain/**', ...sharedByAdapters, '<own folder>'],
    libraries: ['typebox', 'csv-stringify'],
    builtins: pureBuiltins,
    withoutGlobals: outsideWorld,
  },
  {
    files: ['providers/*/**'],
    imports: ['domain/**', ...sharedByAdapters, '<own folder>'],
    libraries: ['typebox'],
    builtins: pureBuiltins,
    withoutGlobals: outsideWorld,
  },
  // The rooms of the services: who stands below does not know who stands above.
  { files: ['services/contacts/**'], imports: ['services/**', ...belowServices], libraries: [] },
  {
    files: ['services/delivery/**'],
    imports: ['services/{delivery,catalog,idempotency,suppressions}/**', 'services/store-port.ts', ...belowServices],
    libraries: [],
  },
  {
    files: ['services/people/**'],
    imports: ['services/{people,delivery,catalog}/**', ...belowServices],
    libraries: [],
  },
  {
    files: ['services/callbacks/**'],
    imports: ['services/callbacks/**', 'services/opt-out-sink.ts', ...belowServices],
    libraries: [],
  },
  { files: ['services/catalog/**'], imports: ['services/catalog/**', ...belowServices], libraries: [] },
  {
    files: ['services/idempotency/**'],
    imports: ['services/idempotency/**', 'services/store-port.ts', 'domain/**'],
    libraries: [],
  },
  {
    files: ['services/suppressions/**'],
    imports: [
      'services/suppressions/**',
      'services/{store,suppression-store,event-store}-port.ts',
      'domain/**',
      'services/opt-out-sink.ts',
    ],
    libraries: [],
  },
  {
    files: ['services/erasures/**'],
    imports: ['services/{erasures,suppressions,people,contacts,catalog}/**', 'services/*.ts', ...belowServices],
    libraries: [],
  },
  {
    files: ['services/events/**'],
    imports: ['services/events/**', 'services/{store,event-store,import-store}-port.ts', 'domain/**'],
    libraries: [],
  },
  { files: ['services/activity/**'], imports: ['services/activity/**', 'domain/**'], libraries: [] },
  {
    files: ['services/explanations/**'],
    imports: ['services/explanations/**', 'services/{store-port,explanation-store-port}.ts', 'domain/**'],
    libraries: [],
  },
  { files: ['services/*.ts'], imports: ['services/*.ts', ...belowServices], libraries: [] },
  {
    files: ['imports/**'],
    imports: ['imports/**', 'services/**', ...belowServices],
    libraries: ['csv-parse', 'csv-stringify', '@exodus/bytes', 'sax', 'yauzl'],
  },
  {
    files: ['http/**'],
    imports: ['http/**', 'domain/**', 'services/**', 'imports/**'],
    libraries: ['fastify', '@fastify/*', 'helmet', 'typebox', 'safe-stable-stringify'],
  },
  {
    files: ['store/**'],
    imports: [
      'store/**',
      'domain/**',
      'config/redis-url.ts',
      'services/activity/activity.ts',
      'services/{store,import-store,suppression-store,erasure-store,event-store,explanation-store}-port.ts',
      'services/opt-out-sink.ts',
    ],
    libraries: ['ioredis', 'bullmq'],
  },
  {
    files: ['audit/**'],
    imports: ['audit/**', 'domain/**', 'gathered-lines.ts'],
    types: [
      'config/compare-configurations.ts',
      'http/hooks/request-auditor.ts',
      'http/requests/write-answer.ts',
      'services/import-store-port.ts',
    ],
    libraries: [],
  },
  {
    files: ['metrics/**'],
    imports: ['metrics/**', 'domain/**', 'services/**'],
    types: [
      'audit/audit-trail.ts',
      'providers/{adapter-port,account,policies,breaker}.ts',
      'http/hooks/{observe-requests,loop-delay}.ts',
    ],
    libraries: ['prom-client'],
  },
  {
    files: ['tracing/**'],
    imports: [],
    types: ['domain/**', 'http/hooks/trace-requests.ts'],
    libraries: ['@opentelemetry/*'],
  },
  {
    files: ['transport/**'],
    imports: ['transport/**'],
    types: ['providers/{adapter-port,account}.ts'],
    libraries: ['undici', 'ipaddr.js', 'standardwebhooks'],
  },
  // It runs in browsers, and knows the gateway by its API alone.
  {
    files: ['console/**'],
    imports: ['console/**'],
    libraries: ['preact', 'htm', '@preact/signals', 'uplot'],
    builtins: [],
  },
  { files: ['simulators/**'], imports: ['simulators/**'], libraries: ['fastify', '@fastify/*'] },
]

/** Libraries and modules with one place only. */
const onlyIn: Readonly<Record<string, string>> = {
  'libphonenumber-js': 'domain/{phone,country-code,dialled-number,plain-e164,routing/number-countries}.ts',
  validator: 'domain/email.ts',
  'node:sqlite': 'store/sqlite/**',
}

/** Files that are a process of their own, and so read the environment and set the exit code. */
const processes = ['main.ts', 'stop-on-signals.ts', 'processes/**', 'cli/**', 'simulators/main.ts']

/** Where a provider's name may stand, beside its own folder. */
const mayNameProviders = ['providers/registry.ts', 'simulators/**']

const vagueNames = /(^|[/.-])(utils?|helpers?|commons?|managers?)([/.-]|$)/
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/
const longestFile = 300

/** All that is wrong with a source tree, each as `<file>: <what>`, sorted. */
async function checkArchitecture(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  const files = new Set(paths.map((path) => path.replaceAll('\\', '/')))
  const folders = [...files].flatMap((file) => /^providers\/([^/]+)\//.exec(file)?.[1] ?? [])
  const providers = new Set(folders.filter((folder) => folder !== sharedFolder))
  const violations = await Promise.all(
    [...files].map(async (file) => {
      const text = await readFile(join(root, file), 'utf8')
      const found = [...checkName(file), ...checkProviderNames(file, text, providers)]
      if (isCode(file)) found.push(...checkCode(file, text, files))
      return found.map((violation) => `${file}: ${violation}`)
    }),
  )
  const found = [...violations.flat(), ...(await findCircles(root, files)), ...(await findRoutesOfRoutes(root, files))]
  return found.sort()
}

/** Scripts of pages that are handed to a browser one by one are no part of it. */
function isCode(file: string): boolean {
  return file.endsWith('.ts') || matchesGlob(file, 'console/**/*.js')
}

/** What two routes have in common stands beside them: no route is needed for another one. */
async function findRoutesOfRoutes(root: string, files: ReadonlySet<string>): Promise<string[]> {
  const importsOfRoutes = new Map<string, readonly string[]>()
  for (const file of files) {
    if (!matchesGlob(file, 'http/**/*.ts')) continue
    const { imports, registersRoute } = readCode(await readFile(join(root, file), 'utf8'), file)
    if (registersRoute) importsOfRoutes.set(file, targetsOf(file, imports))
  }
  return [...importsOfRoutes].flatMap(([file, targets]) =>
    targets.filter((target) => importsOfRoutes.has(target)).map((target) => `${file}: imports the route ${target}`),
  )
}

/** The files of the tree among imports. */
function targetsOf(file: string, imports: readonly Import[]): string[] {
  return imports.flatMap(({ from }) => (from?.startsWith('.') ? [posix.join(dirname(file), from)] : []))
}

/** The first circle of imports that each file is in, types included: `a > b > a`, told once, from its first file on. */
async function findCircles(root: string, files: ReadonlySet<string>): Promise<string[]> {
  const importsOf = new Map<string, readonly string[]>()
  for (const file of [...files].filter(isCode).sort()) {
    const { imports } = readCode(await readFile(join(root, file), 'utf8'), file)
    importsOf.set(file, targetsOf(file, imports))
  }
  const done = new Set<string>()
  const circles: string[] = []
  const visitFile = (file: string, path: readonly string[]) => {
    const at = path.indexOf(file)
    if (at >= 0) circles.push(`${file}: a circle of imports, ${[...path.slice(at), file].join(' > ')}`)
    if (at >= 0 || done.has(file)) return
    for (const target of importsOf.get(file) ?? []) visitFile(target, [...path, file])
    done.add(file)
  }
  for (const file of importsOf.keys()) visitFile(file, [])
  return circles
}

function checkName(file: string): string[] {
  const found: string[] = []
  if (!file.split('/').every((part) => kebabCase.test(part))) found.push('its name is not in kebab-case')
  if (vagueNames.test(file)) found.push('its name says nothing of what is in it')
  return found
}

/** In any spelling, comments included: a comment that explains the core by a provider is a dependency too. */
function checkProviderNames(file: string, text: string, providers: ReadonlySet<string>): string[] {
  if (matches(file, mayNameProviders)) return []
  const lines = text.toLowerCase().split('\n')
  return [...providers].flatMap((provider) => {
    if (file.startsWith(`providers/${provider}/`)) return []
    const index = lines.findIndex((line) => line.includes(provider.toLowerCase()))
    return index < 0 ? [] : [`line ${index + 1} names ${provider}`]
  })
}

function checkCode(file: string, text: string, files: ReadonlySet<string>): string[] {
  const layer = layers.find((row) => matches(file, row.files))
  if (layer === undefined) return ['it belongs to no layer of the table']
  const code = readCode(text, file)
  const found = code.imports.flatMap((imported) => checkImport(file, layer, imported, files) ?? [])
  const lineCount = text.split('\n').length - 1
  if (lineCount > longestFile) found.push(`${lineCount} lines, more than ${longestFile}`)
  if (code.hasDefaultExport) found.push('a default export')
  if (!matches(file, processes))
    for (const word of ['process.env', 'process.exit', 'process.exitCode', 'node:process'])
      if (code.words.has(word)) found.push(`uses ${word}`)
  for (const word of layer.withoutGlobals ?? []) if (code.words.has(word)) found.push(`uses ${word}`)
  return found
}

function checkImport(file: string, layer: Layer, { from, typeOnly }: Import, files: ReadonlySet<string>) {
  if (from === undefined) return 'an import whose name is computed'
  if (from.startsWith('.')) {
    const target = posix.join(dirname(file), from)
    if (!files.has(target)) return `imports ${from}, which is no file of the tree`
    const ownFolder = `${file.split('/').slice(0, 2).join('/')}/**`
    const allowed = [...layer.imports, ...(typeOnly ? (layer.types ?? []) : [])]
    const isAllowed = matches(
      target,
      allowed.map((glob) => (glob === '<own folder>' ? ownFolder : glob)),
    )
    return isAllowed ? undefined : `imports ${target}${typeOnly ? '' : ' (not only types)'}`
  }
  const builtin = from.startsWith('node:') || builtinModules.includes(from)
  const library = builtin ? `node:${from.replace(/^node:/, '')}` : packageOf(from)
  const place = onlyIn[library]
  const isMisplaced = place !== undefined && !matchesGlob(file, place)
  const isAllowed = builtin
    ? layer.builtins === undefined || layer.builtins.includes(library.slice('node:'.length))
    : matches(library, layer.libraries)
  // An import reads all its names, of which some load Node's whole fetch (ADR 0011).
  if (library === 'node:http' && !typeOnly) return 'imports more than types of node:http: process.getBuiltinModule does'
  return isAllowed && !isMisplaced ? undefined : `imports ${library}`
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function matches(path: string, globs: readonly string[]): boolean {
  return globs.some((glob) => matchesGlob(path, glob))
}

/** `from` is undefined where it is not a literal. */
type Import = { readonly from: string | undefined; readonly typeOnly: boolean }
type Code = { imports: Import[]; words: Set<string>; hasDefaultExport: boolean; registersRoute: boolean }
/** A node of the syntax tree, as far as it is looked at here. */
type Node = { readonly type?: string; readonly [member: string]: unknown }

function readCode(text: string, file: string): Code {
  const code: Code = { imports: [], words: new Set(), hasDefaultExport: false, registersRoute: false }
  visit(parseAst(text, { lang: 'ts' }, file) as unknown as Node, code)
  return code
}

function visit(node: Node, code: Code): void {
  read(node, code)
  for (const child of Object.values(node).flat())
    if (typeof child === 'object' && child !== null) visit(child as Node, code)
}

function read(node: Node, code: Code): void {
  const source = (node.source as { value?: unknown } | null | undefined)?.value
  const from = typeof source === 'string' ? source : undefined
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      if (from !== undefined) code.imports.push({ from, typeOnly: isTypeOnly(node) })
      if (from?.endsWith('process')) code.words.add('node:process')
      if ((node.specifiers as Node[] | undefined)?.some(({ exported }) => nameOf(exported) === 'default'))
        code.hasDefaultExport = true
      break
    case 'ImportExpression':
      code.imports.push({ from, typeOnly: false })
      break
    case 'TSImportType':
      code.imports.push({ from, typeOnly: true })
      break
    case 'ExportDefaultDeclaration':
      code.hasDefaultExport = true
      break
    case 'MemberExpression':
      code.words.add(`${nameOf(node.object)}.${nameOf(node.property)}`)
      break
    case 'VariableDeclarator':
      // const { env } = process
      for (const property of ((node.id as Node).properties as Node[] | undefined) ?? [])
        code.words.add(`${nameOf(node.init)}.${nameOf(property.key)}`)
      break
    case 'CallExpression':
      code.words.add(nameOf(node.callee) ?? '')
      if (isRegistration(node)) code.registersRoute = true
      break
  }
  if (node.type === 'MemberExpression') code.words.add(nameOf(node.object) ?? '')
}

/** `app.get(path, options, handler)`, or `app.route(options)`. */
function isRegistration({ callee, arguments: given }: Node): boolean {
  const name = nameOf((callee as Node).property)
  if (name === 'route') return (given as Node[])[0]?.type === 'ObjectExpression'
  return ['get', 'post', 'put', 'patch', 'delete'].includes(name ?? '') && (given as Node[]).length === 3
}

function isTypeOnly(node: Node): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true
  const specifiers = (node.specifiers ?? []) as Node[]
  return specifiers.length > 0 && specifiers.every((one) => one.importKind === 'type' || one.exportKind === 'type')
}

/** Of `name`, and of `'name'` in `object['name']`. */
function nameOf(node: unknown): string | undefined {
  const { name, value } = (node ?? {}) as { name?: unknown; value?: unknown }
  if (typeof name === 'string') return name
  return typeof value === 'string' ? value : undefined
}

describe('The source tree', () => {
  it('keeps the house rules', async () => {
    expect(await checkArchitecture(join(import.meta.dirname, '../src'))).toEqual([])
  })
})

describe('The check', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'architecture-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** A small tree that keeps every rule. */
  const sound: Readonly<Record<string, string>> = {
    'main.ts': "import { compose } from './compose.ts'\nif (process.env.PORT) process.exit(compose)\n",
    'compose.ts': "import { registry } from './providers/registry.ts'\nexport const compose = registry.length\n",
    'domain/contact.ts':
      "import { isIP } from 'node:net'\nexport type Contact = string\nexport const isAddress = isIP\n",
    'providers/adapter-port.ts': "import type { Contact } from '../domain/contact.ts'\nexport type Adapter = Contact\n",
    'providers/execute.ts':
      "import type { Adapter } from './adapter-port.ts'\nexport const execute = (adapter: Adapter) => adapter\n",
    'providers/registry.ts':
      "import { acme } from './acme/index.ts'\nimport { vobiz } from './vobiz/index.ts'\nexport const registry = [acme, vobiz]\n",
    'providers/acme/index.ts':
      "import { Type } from 'typebox'\nimport { toAcme } from './wire.ts'\nexport const acme = toAcme(Type)\n",
    'providers/acme/wire.ts': 'export const toAcme = (value: unknown) => value\n',
    'providers/vobiz/index.ts': "import { stringify } from 'csv-stringify/sync'\nexport const vobiz = stringify\n",
    'services/add.ts': "import { execute } from '../providers/execute.ts'\nexport const add = execute\n",
    'transport/connect.ts': "import type { Adapter } from '../providers/adapter-port.ts'\nexport type Way = Adapter\n",
    'http/route.ts':
      "import { add } from '../services/add.ts'\nimport fastify from 'fastify'\nexport const route = fastify().get('/', {}, add)\n",
    'http/routes.ts': "import { route } from './route.ts'\nexport const routes = [route]\n",
  }

  async function checkWith(name: string, planted: Readonly<Record<string, string>>): Promise<string[]> {
    const root = join(folder, name)
    for (const [file, text] of Object.entries({ ...sound, ...planted })) {
      await mkdir(dirname(join(root, file)), { recursive: true })
      await writeFile(join(root, file), text)
    }
    return checkArchitecture(root)
  }

  it('finds nothing in a sound tree', async () => {
    expect(await checkWith('sound', {})).toEqual([])
  })

  const cases: readonly (readonly [name: string, file: string, text: string, ...violations: string[]])[] = [
    [
      'a layer that reaches up',
      'domain/a.ts',
      "import '../services/add.ts'",
      'imports services/add.ts (not only types)',
    ],
    ['types that reach up', 'domain/a.ts', "import type { add } from '../services/add.ts'", 'imports services/add.ts'],
    ['an inline type', 'domain/a.ts', "export type A = import('../services/add.ts').A", 'imports services/add.ts'],
    [
      'a re-export',
      'http/a.ts',
      "export * from '../providers/adapter-port.ts'",
      'imports providers/adapter-port.ts (not only types)',
    ],
    ['a dynamic import', 'services/a.ts', "await import('../http/route.ts')", 'imports http/route.ts (not only types)'],
    [
      'a server that loads fetch',
      'http/a.ts',
      "import { createServer } from 'node:http'",
      'imports more than types of node:http: process.getBuiltinModule does',
    ],
    ['a computed import', 'services/a.ts', 'await import(process.argv[2])', 'an import whose name is computed'],
    ['a file that is not there', 'services/a.ts', "import './b.ts'", 'imports ./b.ts, which is no file of the tree'],
    [
      'a way out of the tree',
      'main.ts',
      "import '../package.json'",
      'imports ../package.json, which is no file of the tree',
    ],
    [
      'another provider',
      'providers/acme/a.ts',
      "import '../vobiz/index.ts'",
      'imports providers/vobiz/index.ts (not only types)',
      'line 1 names vobiz',
    ],
    [
      'an adapter that sends',
      'providers/acme/a.ts',
      "import { execute } from '../execute.ts'",
      'imports providers/execute.ts (not only types)',
    ],
    [
      'values where only types may cross',
      'transport/a.ts',
      "import { x } from '../providers/adapter-port.ts'",
      'imports providers/adapter-port.ts (not only types)',
    ],
    ['a library of another layer', 'services/a.ts', "import { Pool } from 'undici'", 'imports undici'],
    [
      'a library with a path',
      'providers/acme/a.ts',
      "import { stringify } from 'csv-stringify/sync'",
      'imports csv-stringify',
    ],
    ['a library of one file', 'domain/a.ts', "import 'libphonenumber-js/max'", 'imports libphonenumber-js'],
    ['a scoped library', 'services/a.ts', "import '@fastify/helmet'", 'imports @fastify/helmet'],
    [
      'files in an adapter',
      'providers/acme/a.ts',
      "import { readFile } from 'node:fs/promises'",
      'imports node:fs/promises',
    ],
    ['files without node:', 'domain/a.ts', "import { readFileSync } from 'fs'", 'imports node:fs'],
    ['SQLite outside its store', 'services/a.ts', "import 'node:sqlite'", 'imports node:sqlite'],
    ['the network in an adapter', 'providers/acme/a.ts', "export const a = fetch('http://a')", 'uses fetch'],
    ['the clock in the domain', 'domain/a.ts', 'export const now = Date.now()', 'uses Date.now'],
    ['the environment', 'services/a.ts', 'export const a = process.env.A', 'uses process.env'],
    ['the environment, unpacked', 'services/a.ts', 'const { env } = process\nexport const a = env', 'uses process.env'],
    [
      'the environment, imported',
      'services/a.ts',
      "import { env } from 'node:process'\nexport const a = env",
      'uses node:process',
    ],
    ['an exit', 'http/a.ts', "process['exit'](1)", 'uses process.exit'],
    ['a default export', 'services/a.ts', 'export default 1', 'a default export'],
    ['a default export by name', 'services/a.ts', 'const a = 1\nexport { a as default }', 'a default export'],
    ["a provider's name", 'services/a.ts', "export const a = 'Acme-main'", 'line 1 names acme'],
    ["a provider's name in a comment", 'domain/a.ts', '\n// as ACME does', 'line 2 names acme'],
    ["another provider's name", 'providers/acme/a.ts', '// unlike Vobiz', 'line 1 names vobiz'],
    ['camel case', 'services/addContacts.ts', '', 'its name is not in kebab-case'],
    ['a vague file', 'http/route-helpers.ts', '', 'its name says nothing of what is in it'],
    ['a vague folder', 'http/common/a.ts', '', 'its name says nothing of what is in it'],
    ['a new layer', 'plugins/a.ts', '', 'it belongs to no layer of the table'],
    ['a new room', 'services/plugins/a.ts', '', 'it belongs to no layer of the table'],
    [
      'a room that reaches up',
      'services/catalog/a.ts',
      "import '../add.ts'",
      'imports services/add.ts (not only types)',
    ],
    [
      'a route that imports another',
      'http/a.ts',
      "import { route } from './route.ts'\nexport const a = (app) => app.post('/a', {}, route)",
      'imports the route http/route.ts',
    ],
    [
      'one that does so for a type',
      'http/a.ts',
      "import type { Options } from './route.ts'\nexport const a = (app, b: Options) => app.route({ url: '/a', ...b })",
      'imports the route http/route.ts',
    ],
    ['a circle', 'services/a.ts', "import './a.ts'", 'a circle of imports, services/a.ts > services/a.ts'],
    ['a long file', 'services/a.ts', '// line\n'.repeat(301), '301 lines, more than 300'],
  ]
  it.each(cases)('finds %s', async (name, file, text, ...violations) => {
    expect(await checkWith(name, { [file]: text })).toEqual(violations.map((violation) => `${file}: ${violation}`))
  })
})
