import { type RunningSimulators, startSimulators } from './start.ts'

/** `npm run simulators`: the three providers on fixed ports, until SIGTERM or SIGINT. */
const ports = { oblic: 9101, octopush: 9102, vobiz: 9103 }

function describe({ oblic, octopush, vobiz, credentials }: RunningSimulators): string {
  return [
    'Provider simulators (no real provider is contacted, nothing is kept)',
    '',
    `  Oblic     baseUrl    ${oblic.baseUrl}`,
    `            apiKey     ${credentials.oblic.apiKey}`,
    `  Octopush  baseUrl    ${octopush.baseUrl}`,
    `            apiLogin   ${credentials.octopush.apiLogin}`,
    `            apiKey     ${credentials.octopush.apiKey}`,
    `  Vobiz     baseUrl    ${vobiz.baseUrl}`,
    `            authId     ${credentials.vobiz.authId}`,
    `            authToken  ${credentials.vobiz.authToken}`,
    `            jwt        ${credentials.vobiz.jwt}`,
    '',
    '  On each origin: GET /_sim/requests, GET /_sim/contacts, GET|PUT /_sim/behaviour, POST /_sim/reset',
    '  Try: an e-mail at invalid.example is refused, a phone ending in 0404 is blacklisted at Octopush',
    '',
  ].join('\n')
}

try {
  const simulators = await startSimulators({ host: process.env.HOST ?? '127.0.0.1', ports })
  console.log(describe(simulators))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => simulators.close())
} catch (error) {
  console.error(`The simulators could not start: ${(error as Error).message}`)
  process.exitCode = 1
}
