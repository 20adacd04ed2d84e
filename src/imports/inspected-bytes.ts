/** As much of a CSV file is looked at. One that is no shorter may be the beginning of a longer one. */
export const inspectedBytes = 256 * 1024
