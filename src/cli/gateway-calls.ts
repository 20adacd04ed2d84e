/** A request to the gateway, by path. @throws Error for a person, where there is no answer or a refusal */
export type Call = (path: string, init?: RequestInit) => Promise<Response>

/** Calls a gateway with a client's key. */
export function gatewayCalls(url: string, key: string): Call {
  return async (path, init = {}) => {
    const headers = { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) }
    const response = await fetch(new URL(path, url), { ...init, headers }).catch(notReached)
    if (!response.ok) throw new GatewayRefusal(response.status, await explain(response))
    return response
  }
}

/** The gateway's own words. */
export class GatewayRefusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

function notReached(error: Error): never {
  const { code = error.message } = (error.cause ?? error) as NodeJS.ErrnoException
  throw new Error(`The gateway cannot be reached, or ended the connection (${code}). Is --url its address?`)
}

async function explain(response: Response): Promise<string> {
  const text = await response.text()
  try {
    const {
      title,
      detail,
      errors = [],
    } = JSON.parse(text) as { title: string; detail: string; errors?: { pointer: string; detail: string }[] }
    return [
      `${response.status} ${title}: ${detail}`,
      ...errors.map((error) => `  ${error.pointer}: ${error.detail}`),
    ].join('\n')
  } catch {
    return `${response.status} ${response.statusText}. Is --url the address of a contact-gateway?`
  }
}
