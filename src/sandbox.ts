import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKey } from './config/client-directory.ts'
import { gatewayDocument } from './simulators/gateway-document.ts'
import { startSimulators } from './simulators/start.ts'

/** A gateway's surroundings without any configuration: simulators in this process, and one client that may do all. */
export type Sandbox = {
  /** In the form of the configuration file. */
  readonly document: unknown
  /** A folder for the embedded store and the configuration as a file, which is deleted on closing. */
  readonly dataDir: string
  /** What to print when the gateway listens there. */
  banner(url: string): string
  close(): Promise<void>
}

const keyLifetimeMs = 365 * 86_400_000

/** Starts the simulators on free loopback ports and makes a key that lives as long as this process, and a year at most. */
export async function startSandbox(): Promise<Sandbox> {
  const simulators = await startSimulators()
  const dataDir = mkdtempSync(join(tmpdir(), 'contact-gateway-'))
  const { key, hash } = createKey('demo')
  const { accounts, lists } = gatewayDocument(simulators)
  const demo = {
    keys: [{ hash, expiresAt: new Date(Date.now() + keyLifetimeMs).toISOString() }],
    networks: ['127.0.0.0/8', '::1/128'],
    scopes: [
      'contacts:read',
      'contacts:write',
      'imports',
      'suppressions:read',
      'suppressions:write',
      'people:read',
      'erasures',
      'admin',
    ],
    lists: ['*'],
    accounts: ['*'],
  }
  const addresses = Object.entries(accounts).map(
    ([id, { baseUrl }]) => `  ${id.padEnd(12)} ${new URL(baseUrl).origin}/_sim/contacts`,
  )
  const document = { server: { console: true }, accounts, lists, clients: { demo } }
  const file = join(dataDir, 'gateway.json')
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 })
  return {
    document,
    dataDir,
    banner: (url) => `
contact-gateway runs in sandbox mode: simulated providers, nothing leaves this machine.

  Console      ${url}/console
  Swagger UI   ${url}/docs
  Demo key     ${key}

For the examples of README.md (paste it into another shell):

  export CONTACT_GATEWAY_KEY=${key}

Add a contact to all three providers (paste it into another shell):

  curl -i ${url}/lists/newsletter/contacts \\
    -H 'Authorization: Bearer ${key}' \\
    -H 'Content-Type: application/json' \\
    -d '{"contacts":[{"name":"Jane Smith","email":"jane@example.com","phone":"+919876543210"}]}'

What the simulated providers hold:

${addresses.join('\n')}

Verify an account, as you would at a real provider (paste it into another shell):

  export GATEWAY_CONFIG=${file} DATA_DIR=${dataDir}
  contact-gateway accounts verify ${Object.keys(accounts).at(-1)}

For real providers set GATEWAY_CONFIG, see README.md. Ctrl-C stops it.
`,
    close: async () => {
      await simulators.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
