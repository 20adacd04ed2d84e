#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { Command } from 'commander'

/** The command line. Each command is loaded when it is called. */
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const program = new Command('contact-gateway')
  .description('One REST service in front of several messaging providers.')
  .version(version)
  .showHelpAfterError()

program
  .command('start')
  .description('Start the gateway. The environment configures it; without GATEWAY_CONFIG it runs in sandbox mode.')
  .action(async () => {
    await import('../main.ts')
  })

const config = program.command('config').description('Look at the configuration.')
config
  .command('check')
  .argument('[file]', 'configuration file; default: GATEWAY_CONFIG')
  .description('Check the environment and the configuration file: all mistakes at once, exit code 78.')
  .action(async (file?: string) => {
    const { checkConfiguration } = await import('./check-configuration.ts')
    process.exitCode = checkConfiguration(file, process.env)
  })

const keys = program.command('keys').description('Keys of clients.')
keys
  .command('create')
  .argument('<client>', 'id of the client in the configuration file')
  .description('Make a key: prints it once, and the line with its hash for the configuration file.')
  .action(async (client: string) => {
    const { printNewKey } = await import('./print-new-key.ts')
    process.exitCode = printNewKey(client)
  })

program
  .command('openapi')
  .description('Print the OpenAPI document.')
  .action(async () => {
    const { openapiDocument } = await import('./openapi-document.ts')
    process.stdout.write(await openapiDocument(version))
  })

program
  .command('simulators')
  .description('Start the simulated providers on ports of their own, for client teams.')
  .action(async () => {
    await import('../simulators/main.ts')
  })

await program.parseAsync()
