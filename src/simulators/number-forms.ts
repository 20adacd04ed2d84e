export const numberForms = ['plus', 'digits', 'spaced', 'dashed', 'double-zero', 'national'] as const
export type NumberForm = (typeof numberForms)[number]

/** A number in E.164 in one of the forms in which services keep and show it. */
export function inNumberForm(phoneNumber: string, form: NumberForm): string {
  const digits = phoneNumber.slice(1)
  switch (form) {
    case 'plus':
      return phoneNumber
    case 'digits':
      return digits
    case 'spaced':
      return `+${grouped(digits, ' ')}`
    case 'dashed':
      return `+${grouped(digits, '-')}`
    case 'double-zero':
      return `00${digits}`
    case 'national':
      return `0${digits.slice(-9)}`
  }
}

/** In groups of three from the end: the same digits, however long the country code is. */
// eslint-disable-next-line regexp/no-super-linear-move -- 15 digits at most
const grouped = (digits: string, between: string): string => digits.replace(/\B(?=(\d{3})+$)/g, between)
