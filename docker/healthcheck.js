// The image's HEALTHCHECK: is the process alive? Whether it should get requests is /readyz, for the load balancer.
// It is asked on METRICS_PORT where there is one, which needs no certificate; else on PORT, without TLS and with it. Nobody's
// certificate is checked: it is this very machine.
import http from 'node:http'
import https from 'node:https'

const { PORT = '8080', METRICS_PORT } = process.env
const timeout = 900

function isAlive(client, port) {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path: '/healthz', timeout, rejectUnauthorized: false }
    const request = client.get(options, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    request.on('timeout', () => request.destroy()).on('error', () => resolve(false))
  })
}

const ways = [[http, PORT], [https, PORT]]
if (METRICS_PORT) ways.unshift([http, METRICS_PORT])
for (const [client, port] of ways) if (await isAlive(client, port)) process.exit(0)
process.exit(1)
