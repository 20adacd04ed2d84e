import type { FastifyInstance } from 'fastify'

/** As a URL writes them. */
const loopbackName = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i
const loopbackAddress = /^(?:127\.|::1$|::ffff:127\.)/

/**
 * Keeps pages of other sites from steering a simulator by way of somebody's browser: a server that listens on loopback
 * answers to names of loopback alone (another name was pointed here), and takes nothing that a page from elsewhere sends.
 */
export function refuseOtherSites(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    const { host = '', origin, 'sec-fetch-site': site } = request.headers
    const isHere = loopbackAddress.test(request.socket.localAddress ?? '')
    const isOtherName = isHere && !isLoopback(`http://${host}`)
    const isOtherSite = site === 'cross-site' || (origin !== undefined && !isLoopback(origin))
    if (!isOtherName && !isOtherSite) return
    await reply.code(403).send({ error: isOtherName ? otherName : otherSite })
  })
}

function isLoopback(url: string): boolean {
  const hostname = URL.parse(url)?.hostname
  return hostname !== undefined && loopbackName.test(hostname)
}

const otherName =
  'A simulator on this machine answers to 127.0.0.1, localhost and [::1] alone. Write one of them in the URL.'
const otherSite = 'A simulator takes no requests from pages of other sites.'
