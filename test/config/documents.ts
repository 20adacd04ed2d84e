import { Type } from 'typebox'
import { checkConfig } from '../../src/config/check-config.ts'
import type { Variables } from '../../src/config/reading.ts'
import type { GatewayConfig } from '../../src/config/schema.ts'
import { defineAdapter } from '../../src/providers/adapter-port.ts'
import { dropped } from '../../src/providers/fields.ts'

/** Values that no message may hold. */
export const planted = {
  APPLE_KEY: 'planted-apple-key-5c1f',
  PEAR_LOGIN: 'planted-pear-login-77aa',
  PEAR_KEY: 'planted-pear-key-0b3d',
}

export const hashA = `sha256:${'a'.repeat(64)}`
export const hashB = `sha256:${'b'.repeat(64)}`

const operation = { toRequest: () => ({ method: 'GET', path: '/' }) as const, toOutcome: () => ({ ok: [] }) }
const noFields = () => ({
  name: { form: 'one', as: 'name' } as const,
  email: dropped,
  phone: dropped,
  whatsapp: dropped,
  tags: dropped,
  attributes: dropped,
})

/** An adapter whose lists are numbered, and that takes a default one. */
const apple = defineAdapter({
  id: 'apple',
  title: 'Apple',
  baseUrl: 'https://apple.example/v1',
  credentials: Type.Object({ key: Type.String() }),
  settings: Type.Object({ flag: Type.Enum(['red', 'green', 'none'], { default: 'red' }) }),
  target: Type.Object({
    list: Type.String({ pattern: '^[0-9]{4}$' }),
    slots: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.Enum(['s1', 's2']))),
  }),
  listMember: 'list',
  authHeaders: ({ key }) => ({ key }),
  fields: noFields,
  keyedBy: 'phone',
  honoursSkip: true,
  checkTarget: ({ slots = {} }) =>
    Object.keys(slots)
      .filter((name, index, names) => names.findIndex((other) => slots[other] === slots[name]) !== index)
      .map((name) => ({ path: `/slots/${name}`, message: `${slots[name]} is taken already` })),
  operations: { addContacts: { ...operation, repeatable: true, maxContacts: 50 } },
})

/** An adapter whose lists are tags, so that it takes no default list. */
const pear = defineAdapter({
  id: 'pear',
  title: 'Pear',
  baseUrl: 'https://pear.example',
  credentials: Type.Object({ login: Type.String(), key: Type.String() }),
  settings: Type.Object({ mail: Type.Union([Type.String({ minLength: 1 }), Type.Null()], { default: 'email' }) }),
  target: Type.Object({
    tag: Type.String({ maxLength: 30 }),
    marks: Type.Optional(Type.Record(Type.String(), Type.String())),
  }),
  authHeaders: ({ login, key }) => ({ login, key }),
  fields: noFields,
  keyedBy: 'phone',
  honoursSkip: false,
  probes: {
    needs: { phones: 0, emails: 0 },
    steps: [],
    cleanUp: () => [],
    left: () => undefined,
    probes: [
      {
        id: 'PEA-MAIL',
        question: 'Is mail kept?',
        answers: { kept: 'It is.' },
        assumes: ['kept'],
        settings: { kept: { name: 'mail', oneOf: ['email'] } },
        read: () => undefined,
      },
      {
        id: 'PEA-LAG',
        question: 'How soon is it found?',
        answers: { '10000': 'Within ten seconds.' },
        assumes: [],
        settings: { '10000': { name: 'settleAfterMs', atLeast: 10_000 } },
        read: () => undefined,
      },
    ],
    unseen: [],
    watched: [],
  },
  operations: {},
})

export const adapters = new Map([apple, pear].map((adapter) => [adapter.id, adapter]))

/** A document with nothing wrong. Made anew each time, to be changed. */
// biome-ignore lint/suspicious/noExplicitAny: tests put wrong values into it
export function validDocument(): any {
  return {
    server: { publicUrl: 'https://contacts.example.com/', trustedProxies: ['10.0.0.0/8'], docs: false },
    limits: { jsonBytes: '1MB', importBytes: 1000, batchContacts: 10 },
    accounts: {
      'apple-main': { provider: 'apple', credentials: { key: reference('APPLE_KEY') }, defaultList: '1234' },
      'pear-in': {
        provider: 'pear',
        credentials: { login: reference('PEAR_LOGIN'), key: reference('PEAR_KEY') },
        mail: null,
        baseUrl: 'http://127.0.0.1:9103/base/',
        batchSize: 7,
        breaker: { openMs: 500 },
      },
    },
    lists: {
      newsletter: {
        title: 'Newsletter',
        targets: [
          { account: 'apple-main', list: '4321', slots: { title: 's1' } },
          { account: 'pear-in', tag: 'news' },
        ],
      },
      plain: { targets: [{ account: 'pear-in', tag: 'plain' }] },
    },
    clients: {
      crm: {
        keys: [{ hash: hashA, expiresAt: '2099-01-01T00:00:00Z' }],
        networks: ['10.1.0.0/16', '::1/128'],
        scopes: ['contacts:read', 'imports'],
        lists: ['newsletter'],
        accounts: ['*'],
      },
    },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: it puts wrong values into documents
export type Change = (document: any) => void

/** The valid document with a change. */
export function changed(change: Change): unknown {
  const document = validDocument()
  change(document)
  return document
}

/** `${name}`, as it stands in a file. */
export function reference(name: string): string {
  return `\${${name}}`
}

export const noFile = (path: string): string => {
  throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' })
}

/** `place message` of every mistake. */
export function mistakesOf(document: unknown, env: Variables = planted, readFile = noFile): string[] {
  const result = checkConfig(document, env, { adapters, readFile, now: 0 })
  return 'mistakes' in result ? result.mistakes.map(({ place, message }) => `${place} ${message}`) : []
}

/** The configuration, or an error with its mistakes. */
export function configOf(document: unknown, env: Variables = planted, readFile = noFile): GatewayConfig {
  const result = checkConfig(document, env, { adapters, readFile, now: 0 })
  if ('mistakes' in result) throw new Error(JSON.stringify(result.mistakes))
  return result.config
}
