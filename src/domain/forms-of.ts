import { numberOfToday } from './replaced-numbers.ts'

/** Two ways to write the numbers of one country; each finds the other, `undefined` where a number has one form alone. */
type TwoForms = (digits: string) => string | undefined

/**
 * The countries whose phones are known by two numbers, both of which reach them or are still kept by many.
 *
 * - Argentina: mobile phones have a `9` behind the country code when they are called from abroad; WhatsApp's ids keep it.
 * - Mexico: mobile phones had a `1` there until 2019; WhatsApp's ids keep it.
 * - Brazil: mobile phones got a ninth digit, a `9`, until 2016; WhatsApp's ids of many areas are without it.
 * - Ivory Coast, since 31 January 2021, and Benin, since 30 November 2024: eight digits became ten.
 */
const countries: Readonly<Record<string, TwoForms>> = {
  '+54': withPrefix('9', /^\d{10}$/),
  '+52': withPrefix('1', /^\d{10}$/),
  '+55': (digits) => {
    const [, area, ninth = '', subscriber] = /^([1-9]{2})(9?)([6-9]\d{7})$/.exec(digits) ?? []
    return area === undefined ? undefined : `${area}${ninth === '' ? '9' : ''}${subscriber}`
  },
  '+225': renumbered('+225'),
  '+229': renumbered('+229'),
}

/** Every form of a number in E.164 under which the same phone may be known: itself, then the other one where there is one. */
export function formsOf(e164: string): readonly string[] {
  for (const length of [3, 4]) {
    const code = e164.slice(0, length)
    if (!Object.hasOwn(countries, code)) continue
    const other = countries[code]?.(e164.slice(length))
    return other === undefined ? [e164] : [e164, code + other]
  }
  return [e164]
}

function withPrefix(prefix: string, bare: RegExp): TwoForms {
  return (digits) => {
    if (bare.test(digits)) return prefix + digits
    const rest = digits.startsWith(prefix) ? digits.slice(prefix.length) : ''
    return bare.test(rest) ? rest : undefined
  }
}

/** A number of eight digits became one of ten, which ends with them. */
function renumbered(code: string): TwoForms {
  return (digits) => {
    if (digits.length === 8) return numberOfToday(code + digits)?.slice(code.length)
    const old = digits.slice(2)
    return digits.length === 10 && numberOfToday(code + old) === code + digits ? old : undefined
  }
}
