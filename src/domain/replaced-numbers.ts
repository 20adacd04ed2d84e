type Rule = {
  readonly old: RegExp
  readonly today: (digits: string) => string
}

/** What Vietnam's mobile codes of three digits became, by their last two digits. */
const vietnamese: Readonly<Record<string, string>> = {
  ...{ 120: '70', 121: '79', 122: '77', 126: '76', 128: '78' },
  ...{ 123: '83', 124: '84', 125: '85', 127: '81', 129: '82' },
  ...{ 162: '32', 163: '33', 164: '34', 165: '35', 166: '36', 167: '37', 168: '38', 169: '39' },
  ...{ 186: '56', 188: '58', 199: '59' },
}

/**
 * Each country's old form, and how it is dialled now. Only what follows from the old number alone is here.
 *
 * - Mexico, 3 August 2019 (IFT): no `1` for mobile phones from abroad, no `01`, `044` or `045` at home. WhatsApp's ids
 *   keep the `1`.
 * - Brazil, 2012 to 2016 (Anatel, Resolução 553/2010): a `9` before each mobile number of eight digits. WhatsApp's ids of
 *   many areas are still without it. Numbers in 7 may be of a service that kept eight digits, and those in 6 were fixed
 *   lines in São Paulo: neither is touched.
 * - Ivory Coast, 31 January 2021 (ARTCI): the operator's prefix, 01 Moov, 05 MTN, 07 Orange, which the second digit of the
 *   old mobile number tells; 27 before Orange's fixed lines, whose areas libphonenumber lists.
 * - Benin, 30 November 2024 (ARCEP Bénin): `01` before every number.
 * - Vietnam, 15 September 2018 (Ministry of Information and Communications): eleven digits at home became ten.
 * - Colombia, 1 September 2021 (CRC, Resolución 5826/2019): `60` before the area and number of a fixed line.
 */
const rules: Readonly<Record<string, readonly Rule[]>> = {
  '+52': [{ old: /^(?:1|01|04[45])\d{10}$/, today: (digits) => digits.slice(-10) }],
  '+55': [{ old: /^[1-9][1-9][89]\d{7}$/, today: (digits) => `${digits.slice(0, 2)}9${digits.slice(2)}` }],
  '+225': [
    { old: /^(?:0[1-3]|[457][0-3])\d{6}$/, today: (digits) => `01${digits}` },
    { old: /^[04-9][4-6]\d{6}$/, today: (digits) => `05${digits}` },
    { old: /^[04-9][7-9]\d{6}$/, today: (digits) => `07${digits}` },
    { old: /^[23]\d{7}$/, today: (digits) => `27${digits}` },
  ],
  '+229': [{ old: /^\d{8}$/, today: (digits) => `01${digits}` }],
  '+84': [
    { old: /^1\d{9}$/, today: (digits) => `${vietnamese[digits.slice(0, 3)] ?? digits.slice(0, 3)}${digits.slice(3)}` },
  ],
  '+57': [{ old: /^[124-8]\d{7}$/, today: (digits) => `60${digits}` }],
}

/** All but a few numbers are of other countries, which is found out without taking them apart. */
const ofThese = new RegExp(
  `^\\+(?:${Object.keys(rules)
    .map((code) => code.slice(1))
    .join('|')})`,
)

/**
 * The number, in E.164, that took the place of one that its country has replaced; `undefined` when this is no such number.
 * Whether a phone can have it is for the caller to check.
 */
export function numberOfToday(e164: string): string | undefined {
  if (!ofThese.test(e164)) return undefined
  for (const length of [3, 4]) {
    const code = e164.slice(0, length)
    const digits = e164.slice(length)
    const rule = Object.hasOwn(rules, code) ? rules[code]?.find(({ old }) => old.test(digits)) : undefined
    if (rule !== undefined) return code + rule.today(digits)
  }
  return undefined
}
