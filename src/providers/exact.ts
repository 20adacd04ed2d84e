/** A function of any form. */
type Callable = (...given: never[]) => unknown

/** The members of all forms that a type may have. */
type KeyOf<Type> = Type extends unknown ? keyof Type : never
type MemberOf<Type, Key> = Type extends unknown ? (Key extends keyof Type ? Type[Key] : never) : never

/** Of the forms that a type may have the one with the same `kind`; all of them where there is none. */
type FormOf<Type, Given> = Given extends { readonly kind: infer Kind }
  ? [Extract<Type, { readonly kind: Kind }>] extends [never]
    ? Type
    : Extract<Type, { readonly kind: Kind }>
  : Type

/**
 * `Given`, with `never` for every member that `Wanted` has not, at any depth and in what functions give back; a member of
 * another `kind` is none. TypeScript itself looks for such members only in a literal that stands where its type is known,
 * and not in what a function returns.
 */
export type Exact<Given, Wanted> = unknown extends Wanted
  ? Given
  : Given extends Callable
    ? (
        ...given: Parameters<Extract<Wanted, Callable>>
      ) => Exact<ReturnType<Given>, ReturnType<Extract<Wanted, Callable>>>
    : Given extends readonly (infer Item)[]
      ? readonly Exact<Item, MemberOf<Wanted, number>>[]
      : Given extends object
        ? ExactMembers<Given, FormOf<Wanted, Given>>
        : Given

type ExactMembers<Given, Wanted> = {
  readonly [Key in keyof Given]: Key extends KeyOf<Wanted> ? Exact<Given[Key], MemberOf<Wanted, Key>> : never
}
