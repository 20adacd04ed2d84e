import type { RecordedRequest } from '../../src/simulators/request-log.ts'

type Provider = 'oblic' | 'octopush' | 'vobiz'
type Check = (value: unknown) => boolean

/** No control character but those of a JSON text that is a name: what a provider gets was looked at first. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is searched for
const isText: Check = (value) => typeof value === 'string' && value.isWellFormed() && !/\u0000/.test(value)
const isShort =
  (most: number): Check =>
  (value) =>
    isText(value) && (value as string).length <= most
const isEmail: Check = (value) =>
  isShort(254)(value) && /^[^\s@,<>"]+@[^\s@.,<>"]+(\.[^\s@.,<>"]+)+$/.test(value as string)
const isDigits: Check = (value) => typeof value === 'string' && /^[1-9]\d{5,14}$/.test(value)
const isE164: Check = (value) => typeof value === 'string' && /^\+[1-9]\d{5,14}$/.test(value)
const isTags: Check = (value) => Array.isArray(value) && value.every(isShort(64))
const isAttributes: Check = (value) =>
  isRecord(value) &&
  Object.entries(value).every(
    ([key, content]) =>
      /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(key) &&
      (content === null || ['string', 'number', 'boolean'].includes(typeof content)),
  )

const shapes = {
  oblic: { name: isShort(255), email: isEmail, phone: isDigits, whatsApp: isDigits },
  octopush: {
    phone_number: isE164,
    email: isEmail,
    first_name: isText,
    last_name: isText,
    param1: isText,
    param2: isText,
    param3: isText,
    param4: isText,
    param5: isText,
  },
  vobiz: { phone_number: isE164, name: isShort(255), tags: isTags, custom_attributes: isAttributes },
} as const satisfies Record<Provider, Record<string, Check>>

const octopushCall: Record<string, Check> = {
  contacts: (value) =>
    Array.isArray(value) && value.length <= 200 && value.every((contact) => fits(contact, shapes.octopush)),
  list_name: isShort(30),
  tag_name: isShort(20),
  tag_names: (value) => Array.isArray(value) && value.every(isShort(20)),
  do_not_overwrite: (value) => typeof value === 'boolean',
  auto_remove_blacklisted_numbers: (value) => typeof value === 'boolean',
  auto_delete_optout_contacts: (value) => typeof value === 'boolean',
  phone_numbers: (value) => Array.isArray(value) && value.length <= 200 && value.every(isE164),
}

/** What is wrong with a request that a provider received; `undefined` when all of it was validated. */
export function unvalidated(provider: Provider, { method, path, body }: RecordedRequest): string | undefined {
  if (!paths[provider].test(`${method} ${path}`)) return `${method} ${path}`
  if (body === null) return undefined
  const isGood =
    provider === 'oblic'
      ? Array.isArray(body) && body.every((contact) => fits(contact, shapes.oblic))
      : fits(body, provider === 'octopush' ? octopushCall : shapes.vobiz)
  return isGood ? undefined : `${method} ${path} ${JSON.stringify(body).slice(0, 1_000)}`
}

const base = '/api/v1/messaging/contacts'
const paths: Readonly<Record<Provider, RegExp>> = {
  oblic: /^POST \/external\/contact-list\/v1\/[0-9a-f-]{36}\/add$/,
  octopush: /^(?:POST \/v1\/public\/(?:contact|contact-list)\/create|DELETE \/v1\/public\/contact\/delete)$/,
  vobiz: new RegExp(
    `^(?:(?:POST ${base})|(?:GET ${base}\\?[A-Za-z0-9%&=_.~!*'()+-]*)|(?:(?:GET|PUT|DELETE) ${base}/[A-Za-z0-9_-]{1,68}))$`,
  ),
}

function fits(value: unknown, shape: Readonly<Record<string, Check>>): boolean {
  return isRecord(value) && Object.entries(value).every(([name, content]) => shape[name]?.(content) === true)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
