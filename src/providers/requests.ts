import type { ProviderRequest } from './adapter-port.ts'

/** Makers of requests. `path` starts with `/`, and every value in it is URL-encoded. */

export function get(path: string): ProviderRequest {
  return { method: 'GET', path }
}

export function post(path: string, json: unknown): ProviderRequest {
  return { method: 'POST', path, json }
}

export function put(path: string, json: unknown): ProviderRequest {
  return { method: 'PUT', path, json }
}

export function patch(path: string, json: unknown): ProviderRequest {
  return { method: 'PATCH', path, json }
}

/** Some providers are told in a body what to delete. */
export function del(path: string, json?: unknown): ProviderRequest {
  return json === undefined ? { method: 'DELETE', path } : { method: 'DELETE', path, json }
}
