/** A map that refuses to be changed, which `Object.freeze` alone does not do. */
export function frozenMap<Key, Value>(entries: Iterable<readonly [Key, Value]>): ReadonlyMap<Key, Value> {
  const map = new Map(entries)
  return Object.freeze(Object.assign(map, { set: refuse, delete: refuse, clear: refuse }))
}

/** A set that refuses to be changed. */
export function frozenSet<Value>(values: Iterable<Value>): ReadonlySet<Value> {
  const set = new Set(values)
  return Object.freeze(Object.assign(set, { add: refuse, delete: refuse, clear: refuse }))
}

function refuse(): never {
  throw new TypeError('The configuration cannot be changed')
}

/** Freezes objects, arrays and the values of maps at every depth. What is frozen already is left as it is. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Map) for (const member of value.values()) deepFreeze(member)
  if (Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) deepFreeze(member)
  return value
}
