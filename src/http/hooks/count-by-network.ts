const windowMs = 60_000
/** How many networks are remembered; the oldest give way. */
const mostNetworks = 10_000

/** Counts one more from an address; the seconds until it may come again, `undefined` while it may. `now` in ms. */
export type CountByNetwork = (address: string, now: number) => number | undefined

/** Counts what comes from each network in a minute. */
export function countByNetwork(mostPerMinute: number): CountByNetwork {
  const networks = new Map<string, { count: number; readonly endsAt: number }>()
  return (address, now) => {
    const key = networkOf(address)
    let seen = networks.get(key)
    if (seen === undefined || now >= seen.endsAt) {
      networks.delete(key)
      if (networks.size >= mostNetworks) networks.delete(networks.keys().next().value as string)
      seen = { count: 0, endsAt: now + windowMs }
      networks.set(key, seen)
    }
    seen.count++
    return seen.count > mostPerMinute ? Math.ceil((seen.endsAt - now) / 1000) : undefined
  }
}

/** Whoever has one IPv6 address has a whole /64 of them. `address` is in canonical form. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ? tail.split(':') : [])]
  return all.slice(0, 4).join(':')
}
