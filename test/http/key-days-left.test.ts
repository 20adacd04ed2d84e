import { expect, test } from 'vitest'
import { createKey } from '../../src/config/client-directory.ts'
import { checkConfig } from '../../src/config/load.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

const dayMs = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString()
const ending = (days: number) => ({ keys: [{ hash: createKey('shop').hash, expiresAt: inDays(days) }] })
const name = 'contact_gateway_key_days_left'

async function daysLeft(gateway: TestGateway) {
  const text = await (await fetch(gateway.metricsUrl as string)).text()
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`))
  return lines.map((line) => /^\S+\{client="(.+)",key="(.+)"\} (\S+)$/.exec(line)?.slice(1) ?? [line])
}

test('of each key with an end the metrics have the days that are left, by client and the first 8 digits of its hash', async () => {
  const [shop, old] = [ending(20), ending(-1)]
  const gateway = await startGateway({ env: { METRICS_PORT: '0' }, clients: { shop, old } })
  try {
    const [ofShop, ofOld, ...others] = await daysLeft(gateway)
    expect(ofShop?.slice(0, 2)).toEqual(['shop', shop.keys[0]?.hash.slice('sha256:'.length).slice(0, 8)])
    expect(Number(ofShop?.[2])).toBeCloseTo(20, 2)
    expect([ofOld?.[0], ofOld?.[2]]).toEqual(['old', '0'])
    // The client crm has a key without an end.
    expect(others).toEqual([])
  } finally {
    await gateway.close()
  }
})

test('a key that is taken out of the configuration is gone from the metrics', async () => {
  const gateway = await startGateway({ env: { METRICS_PORT: '0' }, clients: { shop: ending(20) } })
  try {
    expect(await daysLeft(gateway)).toHaveLength(1)
    const checked = checkConfig({ accounts: {}, lists: {}, clients: {} }, {})
    if ('mistakes' in checked) throw new Error(JSON.stringify(checked.mistakes))
    gateway.gateway.reload(checked.config)
    expect(await daysLeft(gateway)).toEqual([])
  } finally {
    await gateway.close()
  }
})
