/** What V8's sampling heap profiler tells, as far as it is read here. */
export type HeapProfile = { readonly head: HeapNode }
type HeapNode = {
  readonly callFrame: { readonly url: string }
  /** Bytes that this function allocated itself, as they are estimated. */
  readonly selfSize: number
  readonly children: readonly HeapNode[]
}

/** Bytes by package, by folder of our own code, and by what Node and V8 do themselves; the most first. */
export function allocatedBy({ head }: HeapProfile): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>()
  const add = ({ callFrame, selfSize, children }: HeapNode): void => {
    const place = placeOf(callFrame.url)
    bytes.set(place, (bytes.get(place) ?? 0) + selfSize)
    for (const child of children) add(child)
  }
  add(head)
  return new Map([...bytes].toSorted(([, a], [, b]) => b - a))
}

function placeOf(url: string): string {
  if (url === '') return 'V8'
  if (url.startsWith('node:')) return 'Node'
  const [, name] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(url) ?? []
  return name ?? /\/(src\/(?:[^/]+\/){0,2})/.exec(url)?.[1]?.replace(/\/$/, '') ?? url
}
