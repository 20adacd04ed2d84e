import { join } from 'node:path'

const dist = join(import.meta.dirname, '../../dist')

/** What the image runs, as the set-up of the tests has built it of the sources (`npm run build`). */
export const gatewayProgram: string = join(dist, 'start.js')
/** The command line, `contact-gateway`. */
export const commandProgram: string = join(dist, 'contact-gateway.js')
