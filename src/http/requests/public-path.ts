/** A path of this gateway as callers reach it: where the public address has a path of its own, that comes first. */
export function publicPath(publicUrl: string, path: string): string {
  const slash = publicUrl.indexOf('/', publicUrl.indexOf('://') + '://'.length)
  return slash === -1 ? path : publicUrl.slice(slash) + path
}
