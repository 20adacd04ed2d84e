import { type Static, Type } from 'typebox'
import { ExactNumber } from '../../domain/exact-number.ts'
import type { ProviderResponse } from '../adapter-port.ts'
import { answerReader } from '../read-answer.ts'
import { asCount, asId, asRecord, asText, asTexts, isRecord } from '../reading/coercions.ts'
import { type NoteDrift, unnoted } from '../reading/drift.ts'
import { noteEnvelope, openEnvelope } from '../reading/open-envelope.ts'
import { readShownNumber } from '../reading/read-number.ts'
import { objectReader } from '../reading/read-object.ts'
import { type AskedPage, type OpenPage, openPage } from '../reading/read-page.ts'
import { readTime } from '../reading/read-time.ts'

/**
 * The body of `POST /contacts` and, without the number, of `PUT /contacts/{id}` (docs/providers.md, "Vobiz: creating,
 * changing and deleting").
 */
export type VobizContact = {
  phone_number?: string
  name?: string
  tags?: readonly string[]
  custom_attributes?: Readonly<Record<string, unknown>>
}

/** A number that is an object to a schema has no members that could be written back. */
const Attributes = Type.Refine(
  Type.Record(Type.String(), Type.Unknown()),
  (value) => !((value as unknown) instanceof ExactNumber),
)

/**
 * A contact as Vobiz answers it. Only what names it is relied on; there is no `email`. See docs/providers.md, "Vobiz:
 * contacts".
 */
export const Stored = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 512, pattern: '^(?!\\.+$)' }),
  phone_number: Type.Optional(Type.String()),
  name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  tags: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
  custom_attributes: Type.Optional(Type.Union([Attributes, Type.Null()])),
  created_at: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  updated_at: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  last_active_at: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})
/** Names the members of a contact that hold more than was understood. No provider has a name like it. */
export const unreadMembers = Symbol('unread members')
export type Stored = Static<typeof Stored> & { readonly [unreadMembers]?: ReadonlySet<'tags' | 'custom_attributes'> }

const readDocumented = answerReader(Stored)

const readMembers = objectReader(Stored, {
  id: asId,
  phone_number: readShownNumber,
  name: asText,
  tags: asTexts,
  custom_attributes: asRecord,
  created_at: readTime,
  updated_at: readTime,
  last_active_at: readTime,
})

/** One contact, in whatever form its members are; `undefined` when nothing names it. */
function readItem(value: unknown, drift: NoteDrift): Stored | undefined {
  const stored = readMembers(value, drift)
  if (stored === undefined || stored === value || !isRecord(value)) return stored
  const names = [
    ...(countOf(value.tags) > (stored.tags?.length ?? 0) ? (['tags'] as const) : []),
    ...(stored.custom_attributes === undefined && isShown(value.custom_attributes)
      ? (['custom_attributes'] as const)
      : []),
  ]
  return names.length === 0 ? stored : { ...stored, [unreadMembers]: new Set(names) }
}

/** The least number of tags in it. */
function countOf(tags: unknown): number {
  if (Array.isArray(tags)) return tags.length
  return isShown(tags) ? 1 : 0
}

function isShown(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(isRecord(value) && Object.keys(value).length === 0)
}

/** The contact in an answer whose form is not documented (get, create, update): bare, or under a member or two. */
export function readStored(body: unknown, drift: NoteDrift): Stored | undefined {
  const documented = readDocumented(body)
  if (documented?.phone_number !== undefined) return documented
  const meant = openEnvelope(body, ['contact', 'item'])
  // A name of the answer itself may stand beside what it holds: what shows a person comes first.
  const depth = meant.findIndex(showsPerson)
  for (const at of depth < 0 ? meant.keys() : [depth]) {
    const stored = readItem(meant[at], drift)
    if (stored === undefined) continue
    noteEnvelope(body, at, drift)
    return stored
  }
  return undefined
}

function showsPerson(value: unknown): boolean {
  return isRecord(value) && 'id' in value && ('phone_number' in value || 'name' in value)
}

/** The answer of `GET /contacts`. */
const DocumentedPage = Type.Object({
  items: Type.Array(Stored),
  total: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  has_more: Type.Boolean(),
})
const readDocumentedPage = answerReader(DocumentedPage)

/** One page. `unread`: so many of its items name nobody and are left out. */
export type Page = Omit<OpenPage, 'items'> & { readonly items: readonly Stored[]; readonly unread: number }

/**
 * A page in its present form, in the one before June 2026 (`data` and `meta`), or in any that is known of pages; an empty
 * answer of 204 is an empty page. `undefined` where there is no list, or where no item of it names anybody.
 */
export function readPage(
  { status, body, text }: ProviderResponse,
  asked: AskedPage,
  drift: NoteDrift,
): Page | undefined {
  const documented = readDocumentedPage(body)
  if (documented !== undefined) {
    const { items, total, limit, has_more: hasMore } = documented
    return { items, total, limit, hasMore, unread: 0 }
  }
  if (status === 204 && text.trim() === '') {
    drift('null_list')
    return { items: [], total: undefined, limit: undefined, hasMore: false, unread: 0 }
  }
  const opened = openPage(body, asked, drift)
  if (opened === undefined) return undefined
  const items = opened.items.map((item) => readStored(item, drift)).filter((item) => item !== undefined)
  const unread = opened.items.length - items.length
  if (unread > 0) drift('item_left_out')
  return unread > 0 && items.length === 0 ? undefined : { ...opened, items, unread }
}

/** The answer of `POST /contacts/import`. What its errors say is read apart, for where `row` begins is not documented. */
export const ImportSummary = Type.Object({
  total: Type.Integer({ minimum: 0 }),
  created: Type.Integer({ minimum: 0 }),
  updated: Type.Integer({ minimum: 0 }),
  failed: Type.Integer({ minimum: 0 }),
  errors: Type.Optional(Type.Unknown()),
})
export type ImportSummary = Static<typeof ImportSummary>
const readSummary = objectReader(ImportSummary, {
  total: asCount,
  created: asCount,
  updated: asCount,
  failed: asCount,
  errors: (value) => value ?? undefined,
})

/** The summary, bare or wrapped, its counts as numbers or as texts. */
export function readImportSummary(body: unknown, drift: NoteDrift = unnoted): ImportSummary | undefined {
  const meant = openEnvelope(body, ['summary'])
  for (const [depth, value] of meant.entries()) {
    const summary = readSummary(value, drift)
    if (summary === undefined) continue
    noteEnvelope(body, depth, drift)
    const { errors = isRecord(body) ? body.errors : undefined } = summary
    return { ...summary, errors }
  }
  return undefined
}

/** An error in the documented form. */
export const ErrorBody = Type.Object({
  error: Type.Object({ code: Type.String(), message: Type.String() }),
})
export const readErrorBody = answerReader(ErrorBody)
