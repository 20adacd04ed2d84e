import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import { findTraces } from '../../support/find-traces.ts'
import type { Fleet, Replica } from '../../support/start-fleet.ts'
import { storedPlaces } from '../../support/stored-bytes.ts'

export const minuteMs = 60_000
/** Mexico: one phone, two numbers. */
export const forms = ['+525512345678', '+5215512345678'] as const
export const email = 'xaviera.quackenbush@example.com'
const traces = ['5512345678', 'quackenbush']
export const other = '+525587654321'
export const scopes = [
  'contacts:read',
  'contacts:write',
  'imports',
  'people:read',
  'suppressions:read',
  'suppressions:write',
  'erasures',
  'admin',
]
/** The option of Node that loads one of `test/support/preload` first. */
export const preload = (name: string) => `--import=${join(import.meta.dirname, '../../support/preload', name)}`

/** A clock for all processes of a fleet, which can be put forward. */
export function openClock() {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-clock-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'ahead')
  let ahead = 0
  const forward = (ms: number) => {
    ahead += ms
    writeFileSync(file, String(ahead))
  }
  forward(0)
  return { env: { CLOCK_AHEAD: file, NODE_OPTIONS: preload('clock-ahead.ts') }, forward }
}

type Account = { account: string; status: string; attempts: number; detail: string }
export type Shown = {
  id: string
  accounts: Account[]
  gateway: { status: string; importRowsErased: number }
  status: string
}

export const read = async (replica: Replica, id: string) => (await replica.call('GET', `/erasures/${id}`)).body as Shown
export const begin = (replica: Replica, key = 'erase-her-0001') =>
  replica.call('POST', '/erasures', { body: { phone: forms[0], email }, headers: { 'idempotency-key': key } })
export const statusAt = (shown: Shown, account: string) => shown.accounts.find((one) => one.account === account)?.status

/** She is at Vobiz twice, at Octopush, and in the report of an import. */
export async function putEverywhere(fleet: Fleet, replica: Replica) {
  const { vobiz, credentials } = fleet.simulators
  for (const phone of [...forms, other]) {
    const made = await fetch(`${vobiz.baseUrl}/contacts`, {
      method: 'POST',
      headers: {
        'X-Auth-ID': credentials.vobiz.authId,
        'X-Auth-Token': credentials.vobiz.authToken,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ name: 'Xaviera', phone_number: phone }),
    })
    expect(made.status).toBe(201)
  }
  await replica.add([{ name: 'Xaviera', phone: forms[0] }], { list: 'sms', key: 'she-is-added-0001' })
  const form = new FormData()
  const rows = [`Xaviera,${email},12x34`, 'Zoltan,zoltan@example.com,nothing']
  form.append('file', new Blob([['name,email,phone', ...rows].join('\n')]), 'people.csv')
  const { authorization, url } = replica
  const taken = await fetch(`${url}/lists/sms/imports`, { method: 'POST', body: form, headers: { authorization } })
  const { id } = (await taken.json()) as { id: string }
  await vi.waitFor(async () =>
    expect((await replica.call('GET', `/imports/${id}`)).body.status).toBe('completed_with_errors'),
  )
}

export function left({ simulators }: Fleet) {
  return {
    vobiz: simulators.vobiz.contacts().map((contact) => contact.phone_number),
    octopush: simulators.octopush.contacts().map((contact) => contact.phone_number),
  }
}

/** Tables or keys in which something of her stands. */
export async function places(env: Readonly<Record<string, string>>) {
  const kept = await storedPlaces(env)
  const found = kept.filter(({ bytes }) => findTraces(traces, bytes).length > 0).map(({ place }) => place)
  return [...new Set(found)].filter((place) => !place.startsWith('gateway.db'))
}

export const isDone = (shown: Shown) =>
  shown.gateway.status === 'done' && shown.accounts.every(({ status }) => status !== 'pending')

/** Puts the clock forward until there is nothing more that a process could do. */
export const untilDone = (replica: Replica, id: string, clock: ReturnType<typeof openClock>): Promise<Shown> =>
  vi.waitFor(
    async () => {
      clock.forward(minuteMs / 2)
      const shown = await read(replica, id)
      if (!isDone(shown)) throw new Error(JSON.stringify(shown))
      return shown
    },
    { timeout: 60_000, interval: 300 },
  )
