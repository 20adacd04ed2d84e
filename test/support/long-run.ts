/** `LONG_RUN=1`: the full sizes of the acceptance tests; without it those of an everyday run. */
export const isLongRun = process.env.LONG_RUN === '1'
