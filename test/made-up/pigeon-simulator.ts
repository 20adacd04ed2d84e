import type { Answer } from '../../src/simulators/answer.ts'
import { generalHabits } from '../../src/simulators/general-habits.ts'
import type { Call } from '../../src/simulators/provider.ts'
import type { Quirks } from '../../src/simulators/quirk-table.ts'
import { createSimulator } from '../../src/simulators/simulator.ts'

const operations = ['token', 'audience', 'add', 'get', 'list', 'patch', 'delete', 'remove'] as const
const quirks = generalHabits(operations, ['add'], ['add', 'patch'])
type PigeonCall = Call<Quirks<typeof quirks>>

export type PigeonMember = {
  member: string
  email: string
  full_name: string | null
  mobile: string | null
  joined: string
}

export const pigeonCredentials = { clientId: 'pigeon-client', clientSecret: 'pigeon-secret-of-the-client' }

/** Pigeon's server, written from its documents alone: tokens that expire, audiences by id, members by e-mail address. */
export function createPigeonSimulator() {
  const members = new Map<string, PigeonMember>()
  const audiences = new Map<string, { name: string; members: Set<string> }>()
  const tokens = new Map<string, number>()
  let made = 0
  let tokenSeconds = 900
  let given = 0
  const clear = () => {
    members.clear()
    audiences.clear()
    tokens.clear()
  }

  const giveToken = ({ body }: PigeonCall): Answer => {
    const form = new URLSearchParams(body.toString('utf8'))
    const isClient =
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === pigeonCredentials.clientId &&
      form.get('client_secret') === pigeonCredentials.clientSecret
    if (!isClient) return refusal(400, 'invalid_client', 'Unknown client or wrong secret')
    const token = `pigeon-token-${++given}-${Math.random().toString(36).slice(2)}`
    tokens.set(token, Date.now() + tokenSeconds * 1_000)
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: tokenSeconds } }
  }

  const makeAudience = ({ body }: PigeonCall): Answer => {
    const name = readJson(body)?.name
    if (typeof name !== 'string' || name === '') return refusal(400, 'bad_request', 'An audience has a name')
    const known = audiences.entries().find(([, audience]) => audience.name === name)
    if (known !== undefined) return { status: 200, body: { audience: known[0], name } }
    const audience = `aud_${++made}`
    audiences.set(audience, { name, members: new Set() })
    return { status: 201, body: { audience, name } }
  }

  const add = ({ params, body }: PigeonCall): Answer => {
    const audience = audiences.get(params.audience ?? '')
    if (audience === undefined) return refusal(404, 'no_such_audience', `No audience ${params.audience}`)
    const { members: sent, keep_existing: keepExisting } = readJson(body) ?? {}
    if (!Array.isArray(sent) || sent.length === 0 || sent.length > 500)
      return refusal(400, 'bad_request', '1 to 500 members')
    return { status: 200, body: { results: sent.map((one) => put(one, audience.members, keepExisting === true)) } }
  }

  const put = (sent: Record<string, unknown>, audience: Set<string>, keepExisting: boolean) => {
    const { email, full_name: name = null, mobile = null } = sent
    if (typeof email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(email) || email.endsWith('@refused.example'))
      return { email: String(email), state: 'refused', reason: 'This address takes no mail' }
    const known = members.values().find((one) => one.email === email.toLowerCase())
    const member = known?.member ?? `mb_${++made}`
    audience.add(member)
    if (known !== undefined && keepExisting) return { email, member, state: 'kept' }
    const joined = known?.joined ?? new Date().toISOString()
    const kept = { full_name: known?.full_name ?? null, mobile: known?.mobile ?? null }
    members.set(member, {
      member,
      email: email.toLowerCase(),
      full_name: (name as string | null) ?? kept.full_name,
      mobile: (mobile as string | null) ?? kept.mobile,
      joined,
    })
    return { email, member, state: known === undefined ? 'added' : 'changed' }
  }

  const list = ({ params, query }: PigeonCall): Answer => {
    const audience = params.audience === undefined ? undefined : audiences.get(params.audience)
    if (params.audience !== undefined && audience === undefined)
      return refusal(404, 'no_such_audience', `No audience ${params.audience}`)
    const { size = '50', after, email, mobile } = query
    const all = [...members.values()].filter(
      (one) =>
        (audience?.members.has(one.member) ?? true) &&
        (email === undefined || one.email === String(email).toLowerCase()) &&
        (mobile === undefined || one.mobile === mobile),
    )
    const start = after === undefined ? 0 : all.findIndex(({ member }) => `after:${member}` === after) + 1
    if (after !== undefined && start === 0) return refusal(400, 'bad_cursor', 'This cursor is not known')
    const page = all.slice(start, start + Number(size))
    const hasMore = start + page.length < all.length
    return { status: 200, body: { members: page, after: hasMore ? `after:${page.at(-1)?.member}` : null } }
  }

  const withMember = ({ params }: PigeonCall, answer: (member: PigeonMember) => Answer): Answer => {
    const member = members.get(params.member ?? '')
    return member === undefined ? refusal(404, 'no_such_member', `No member ${params.member}`) : answer(member)
  }

  const patch = (call: PigeonCall): Answer =>
    withMember(call, (member) => {
      if (call.headers['content-type'] !== 'application/merge-patch+json')
        return refusal(415, 'bad_type', 'A patch is application/merge-patch+json')
      const changed = { ...member, ...readJson(call.body) }
      members.set(member.member, changed)
      return { status: 200, body: changed }
    })

  const remove = (call: PigeonCall): Answer =>
    withMember(call, ({ member }) => {
      const isOn = audiences.get(call.params.audience ?? '')?.members.delete(member) === true
      return isOn ? { status: 204 } : refusal(404, 'no_such_member', 'Not in this audience')
    })

  const simulator = createSimulator(
    {
      basePath: '/v3',
      quirks,
      operations,
      headers: ['Authorization', 'Content-Type'],
      routes: [
        { operation: 'token', method: 'POST', path: '/v3/oauth/token', answer: giveToken },
        { operation: 'audience', method: 'POST', path: '/v3/audiences', answer: makeAudience },
        { operation: 'add', method: 'POST', path: '/v3/audiences/:audience/members', answer: add },
        { operation: 'list', method: 'GET', path: '/v3/audiences/:audience/members', answer: list },
        { operation: 'list', method: 'GET', path: '/v3/members', answer: list },
        {
          operation: 'get',
          method: 'GET',
          path: '/v3/members/:member',
          answer: (call) => withMember(call, (body) => ({ status: 200, body })),
        },
        { operation: 'patch', method: 'PATCH', path: '/v3/members/:member', answer: patch },
        {
          operation: 'delete',
          method: 'DELETE',
          path: '/v3/members/:member',
          answer: (call) =>
            withMember(call, ({ member }) => {
              members.delete(member)
              return { status: 204 }
            }),
        },
        { operation: 'remove', method: 'DELETE', path: '/v3/audiences/:audience/members/:member', answer: remove },
      ],
      authorise: ({ path, headers }) => {
        if (path === '/v3/oauth/token') return undefined
        const endsAt = tokens.get(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '') ?? 0
        return Date.now() < endsAt ? undefined : refusal(401, 'token_expired', 'The token is not valid any more')
      },
      notFound: () => refusal(404, 'no_such_path', 'There is nothing here'),
      refuse: (status, _, words) => refusal(status, words?.code ?? 'refused', words?.message ?? 'Refused'),
      contacts: () => members.values(),
      counts: () => ({ total: members.size }),
      clear,
    },
    {},
  )
  return Object.assign(simulator, {
    /** From the next one on. */
    setTokenSeconds: (seconds: number) => {
      tokenSeconds = seconds
    },
    /** No token that was given is taken any more. */
    revokeTokens: () => tokens.clear(),
  })
}

export type PigeonSimulator = ReturnType<typeof createPigeonSimulator>

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } }, applied: false }
}

function readJson(body: Buffer): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
