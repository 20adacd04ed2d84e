import { type Static, Type } from 'typebox'
import { answerReader } from '../read-answer.ts'
import { asCount, isRecord } from '../reading/coercions.ts'
import { type NoteDrift, unnoted } from '../reading/drift.ts'
import { judgeBody } from '../reading/judge-body.ts'
import { openPage } from '../reading/read-page.ts'

/** The free personalisation fields of a contact (docs/providers.md, "Octopush: adding contacts"). */
export const paramNames = ['param1', 'param2', 'param3', 'param4', 'param5'] as const
export type ParamName = (typeof paramNames)[number]

/**
 * One contact of `contacts`. The number, with its plus, is the key; on `email` see docs/providers.md, "Octopush: e-mail
 * addresses".
 */
export type OctopushContact = {
  phone_number?: string
  first_name?: string
  last_name?: string
  email?: string
} & Partial<Record<ParamName, string | null>>

/**
 * Names of the flag that drops opted-out numbers from the request; see docs/providers.md, "Octopush: the opt-out flag".
 */
export type OptOutFlag = 'auto_remove_blacklisted_numbers' | 'auto_delete_optout_contacts'

/**
 * The body of `POST /contact/create`. The plural forms are documented in one place only, and used for several values
 * alone (docs/providers.md, "Octopush: several lists and tags"). The two flags that detach contacts are left out on
 * purpose.
 */
export type CreateBody = {
  contacts: OctopushContact[]
  list_name?: string
  tag_name?: string
  tag_names?: readonly string[]
  do_not_overwrite?: true
} & Partial<Record<OptOutFlag, true>>

/**
 * The body of `DELETE /contact/delete`: without a list the contacts leave the account (docs/providers.md, "Octopush:
 * deleting contacts").
 */
export type DeleteBody = { phone_numbers: readonly string[]; list_name?: string }

/** The answer of `POST /contact/create`, 201. Its order and completeness are not documented. */
export const CreateAnswer = Type.Object({ items: Type.Array(Type.Unknown()) })
const readDocumentedAnswer = answerReader(CreateAnswer)

/**
 * `isWhole`: it does not say that there are more items than it shows. `isSound`: beside the items it says nothing of a
 * failure.
 */
export type Items = { readonly items: readonly unknown[]; readonly isWhole: boolean; readonly isSound: boolean }

/**
 * The answer, its items bare, wrapped, by number, or under another name of a list. An empty list in another form says
 * nothing of anybody.
 */
export function readCreateAnswer(body: unknown, drift: NoteDrift = unnoted): Items | undefined {
  const documented = readDocumentedAnswer(body)
  if (documented !== undefined && Object.keys(documented).length === 1)
    return { items: documented.items, isWhole: true, isSound: true }
  const opened = openPage(byNumber(body, drift), firstPage, documented === undefined ? drift : unnoted)
  const items = documented?.items ?? opened?.items
  if (items === undefined || (documented === undefined && items.length === 0)) return undefined
  const count = opened?.total ?? (isRecord(body) ? asCount(body.count, unnoted) : undefined) ?? 0
  return { items, isWhole: count <= items.length && opened?.hasMore !== true, isSound: isSound(body) }
}

function isSound(body: unknown): boolean {
  if (!isRecord(body)) return true
  // What is said of each contact is read for itself.
  const verdict = judgeBody({ body: { ...body, items: undefined }, text: '' })
  return verdict === 'silent' || verdict === 'succeeded'
}

const firstPage = { page: 1, limit: 1 }

/** Items as an object whose names are their numbers, made a list. */
function byNumber(body: unknown, drift: NoteDrift): unknown {
  const items = isRecord(body) ? body.items : undefined
  if (!isRecord(items)) return body
  const named = Object.entries(items).filter(([name, item]) => /^\+?\d{7,16}$/.test(name) && isRecord(item))
  if (named.length === 0 || named.length < Object.keys(items).length) return body
  drift('list_form')
  return { items: named.map(([phone_number, item]) => ({ phone_number, ...(item as object) })) }
}

/** One item of it that tells its contact. `status`: `added`, `updated`, `skipped`, or a word not known yet. */
export const Item = Type.Object({
  phone_number: Type.Union([Type.String(), Type.Number()]),
  status: Type.Optional(Type.Unknown()),
})
export type Item = Static<typeof Item>
export const readItem = answerReader(Item)

/** An error (seen: `{"code":121,"message":"…"}`; the older API says `error_code`). Codes are numbers or strings. */
export const ErrorBody = Type.Union([
  Type.Object({ code: Type.Union([Type.Number(), Type.String()]) }),
  Type.Object({ error_code: Type.Union([Type.Number(), Type.String()]) }),
])
export const readErrorBody = answerReader(ErrorBody)
