import type { Channel, SendOptions, TokenSource, TransportAnswer } from '../providers/account.ts'
import type { ProviderRequest } from '../providers/adapter-port.ts'
import { createRedactor } from './redact.ts'
import { type Token, TokenKeeper } from './token-keeper.ts'

/** `tokenHeaders`: beside the credentials of every request. */
export type Send = (
  request: ProviderRequest,
  options: SendOptions,
  tokenHeaders?: Readonly<Record<string, string>>,
) => Promise<TransportAnswer>

/** So long an answer to a request for a token is waited for, whoever waits. */
const tokenTimeoutMs = 10_000
/** A provider may still speak of tokens that are gone. */
const tokensRedacted = 4

/** Sends each request with a token, within the time of the call. No text holds a token. */
export function sendWithToken(
  send: Send,
  source: TokenSource,
  secrets: readonly string[],
): Required<Pick<Channel, 'send' | 'giveUpToken' | 'redact'>> {
  const sentWith = new WeakMap<ProviderRequest, Token>()
  let tokens: readonly string[] = []
  let redact = createRedactor(secrets)
  const keeper = new TokenKeeper(async () => {
    const answer = await send(source.request, { timeoutMs: tokenTimeoutMs })
    const granted = source.read(answer, { redact })
    if ('ok' in granted) {
      tokens = [granted.ok.token, ...tokens].slice(0, tokensRedacted)
      redact = createRedactor([...secrets, ...tokens])
    }
    return granted
  })

  return {
    async send(request, { timeoutMs, traceparent }) {
      const startedAt = performance.now()
      const taken = await keeper.take(timeoutMs)
      if ('failure' in taken) return { unsent: taken.failure }
      const timeLeft = timeoutMs - (performance.now() - startedAt)
      if (timeLeft < 1) return { unsent: { kind: 'timeout', beforeSending: true } }
      sentWith.set(request, taken.ok)
      return send(request, { timeoutMs: timeLeft, traceparent }, source.headers(taken.ok.text))
    },
    giveUpToken(request) {
      const token = sentWith.get(request)
      if (token !== undefined) keeper.giveUp(token)
      return token !== undefined
    },
    redact: (text) => redact(text),
  }
}
