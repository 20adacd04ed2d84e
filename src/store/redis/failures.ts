import { StoreUnavailable } from '../../services/store-port.ts'

/** What the first word of an error reply tells an operator. The words not listed here speak for themselves. */
const replyHints: Readonly<Record<string, string>> = {
  LOADING: 'it is still reading its data',
  READONLY: 'it is a replica',
  MISCONF: 'it cannot write to its disk',
  OOM: 'its memory is full (maxmemory)',
  NOAUTH: 'it asks for a password: give one in REDIS_URL',
  WRONGPASS: 'it refused the user or password of REDIS_URL',
  NOPERM: 'the user of REDIS_URL may not run a command or touch a key (needed: all but @admin, keys cgw:*)',
  MOVED: 'it is a node of a cluster: name its nodes in REDIS_URL, separated by commas',
  CLUSTERDOWN: 'the cluster does not serve this key now',
}

/**
 * The error that callers see. Whatever keeps Redis from working is `StoreUnavailable`; only an error that our own scripts
 * caused stays an `Error`. Texts are made here and no cause is attached: ioredis hangs the command onto its errors, and
 * with it stored answers and passwords.
 */
export function toStoreError(error: unknown): Error {
  if (error instanceof StoreUnavailable) return error
  const { name, message, code } = error as NodeJS.ErrnoException
  if (name !== 'ReplyError') return new StoreUnavailable(`Redis cannot be reached${code ? ` (${code})` : ''}.`)
  const word = /^[A-Z]+/.exec(message)?.[0] ?? 'ERR'
  const script = /user_script:\d+: [^,]{0,120}|unknown command/.exec(message)?.[0]
  if (word === 'ERR' && script !== undefined) return new Error(`Redis failed at a script of the gateway: ${script}`)
  return new StoreUnavailable(`Redis refuses to work (${word})${replyHints[word] ? `: ${replyHints[word]}` : ''}.`)
}
