import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type Manifest = {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
  // biome-ignore lint/suspicious/noExplicitAny: what stands there depends on the kind.
  readonly spec?: any
}

const root = join(import.meta.dirname, '../..')

/**
 * Everything wrong with manifests, by the types and schemas of the Kubernetes API: the compiler refuses members that there
 * are not, which the API would drop in silence, and the schemas refuse values.
 */
export async function mistakesInManifests(manifests: readonly Manifest[]): Promise<readonly string[]> {
  return [...(await typeMistakes(manifests)), ...(await schemaMistakes(manifests))]
}

const ofOperator = (apiVersion: string) => apiVersion.startsWith('monitoring.coreos.com/')

function moduleOf({ apiVersion, kind }: Manifest): string {
  const name = ofOperator(apiVersion) ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models'
  return `${name}/${apiVersion}/${kind}`
}

async function schemaMistakes(manifests: readonly Manifest[]): Promise<readonly string[]> {
  const found = await Promise.all(
    manifests.map(async (manifest) => {
      const { kind, metadata } = manifest
      try {
        const models = await import(moduleOf(manifest))
        new models[kind](manifest).validate()
        return []
      } catch (error) {
        return [`${kind} ${metadata.name}: ${(error as Error).message}`]
      }
    }),
  )
  return found.flat()
}

/** They become a program, each a constant of its type; what is unknown to a type is a mistake in a literal. */
async function typeMistakes(manifests: readonly Manifest[]): Promise<readonly string[]> {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'manifests-'))
  const program = manifests.map((manifest, number) => {
    const type = `import('${moduleOf(manifest)}').I${manifest.kind}`
    return `export const ${manifest.kind}${number}: ${type} = ${JSON.stringify(manifest)}\n`
  })
  writeFileSync(join(folder, 'manifests.ts'), program.join(''))
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, module: 'nodenext', types: [] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['manifests.ts'] }))
  try {
    await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'])
    return []
  } catch (error) {
    return String((error as { stdout?: string }).stdout)
      .trim()
      .split('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
