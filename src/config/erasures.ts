import { Type } from 'typebox'

/** People who asked to be forgotten. */
export const ErasuresSchema = Type.Object(
  {
    /** How long one is kept that is completed: without the address, as a receipt. */
    keepDays: Type.Integer({ minimum: 1, maximum: 36_500, default: 1_095 }),
  },
  { default: {} },
)
