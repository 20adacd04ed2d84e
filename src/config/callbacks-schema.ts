import { Type } from 'typebox'

const CallbackToken = Type.String({ pattern: '^[A-Za-z0-9._~-]{16,200}$' })
const oneTokenOrTwo = {
  expects: 'a token of 16 to 200 characters of A-Z, a-z, 0-9 and . _ ~ -, or a list of one or two',
}

/** Where a provider calls, and from where. Two tokens: while one is exchanged for the other. */
export const CallbacksSchema = Type.Object(
  {
    token: Type.Union(
      [CallbackToken, Type.Array(CallbackToken, { minItems: 1, maxItems: 2, ...oneTokenOrTwo })],
      oneTokenOrTwo,
    ),
    networks: Type.Optional(Type.Array(Type.String(), { minItems: 1, expects: 'a list of one or more CIDR blocks' })),
  },
  { secretKeys: true },
)
