#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Command, Option } from 'commander'
import { readBuild } from '../config/build.ts'
import type { OptionFlags } from './import-options.ts'
import { NotPrinted, print } from './print.ts'
import type { VerifyFlags } from './verify-options.ts'

// What the commands write, rows of people for one, is for their own user alone.
process.umask(0o077)

// What a command loads is compiled once, as for the gateway: it takes half the time then.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/contact-gateway', import.meta.url)))

/** The command line. Each command is loaded when it is called. */
const build = readBuild(process.env)

const program = new Command('contact-gateway')
  .description('One REST service in front of several messaging providers.')
  .version(`${build.version} (revision ${build.revision})`)
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
  .option(
    '--online',
    'also ask Redis for its eviction policy, and each provider whether it takes the credentials',
    false,
  )
  .description(
    'Check the environment and the configuration file: all mistakes at once, exit code 78. With --online nothing is written anywhere; exit code 1 if something does not answer as it should.',
  )
  .action(async (file: string | undefined, { online }: { online: boolean }) => {
    const { checkConfiguration } = await import('./check-configuration.ts')
    process.exitCode = await checkConfiguration(file, process.env, online)
  })

config
  .command('schema')
  .description(
    'Print the JSON Schema of the configuration file, by which editors complete and check it. What only the gateway can tell is left to `config check`.',
  )
  .action(async () => {
    const { configurationSchema } = await import('../config/configuration-schema.ts')
    await print(`${JSON.stringify(configurationSchema(), null, 2)}\n`)
  })

const keys = program.command('keys').description('Keys of clients, and of the store.')
keys
  .command('create')
  .argument('<client>', 'id of the client in the configuration file')
  .description('Make a key: prints it once, and the line with its hash for the configuration file.')
  .action(async (client: string) => {
    const { printNewKey } = await import('./print-new-key.ts')
    process.exitCode = await printNewKey(client)
  })

keys
  .command('create-store-key')
  .description('Make a key for STORE_KEY, by which what is stored of people is encrypted: prints it once.')
  .action(async () => {
    const { printStoreKey } = await import('./print-store-key.ts')
    await printStoreKey()
  })

const accounts = program.command('accounts').description('Accounts at providers.')
accounts
  .command('verify')
  .argument('<account>', 'id of the account in the configuration file')
  .option(
    '--phone <number>',
    'number of a test person, which is yours and which the account does not have',
    collect,
    [],
  )
  .option('--email <address>', 'e-mail address of a test person', collect, [])
  .option('--opted-out <number>', 'number of yours that the provider has on its blacklist')
  .option('--list <list>', 'list that was made by hand for this, where no call makes one')
  .option('--sizes', 'also send large batches, of addresses made of the first one', false)
  .option('--yes-write', 'also write the test people, and delete them; without it nothing is written', false)
  .option('--cannot-clean-up', 'write though no call can delete it again', false)
  .option('--clean-up', 'delete what an interrupted run has left', false)
  .option('--report <file>', 'where to write the report: Markdown, and beside it JSON')
  .description(
    'Settle by calls what the documents of a provider leave open. Exit code 1 if the configuration contradicts what was seen, 2 if it could not be done.',
  )
  .action(async (account: string, flags: VerifyFlags) => {
    const { verifyAccount } = await import('./verify-account.ts')
    process.exitCode = await verifyAccount(account, flags, process.env, build)
  })

program
  .command('audit-hash')
  .argument('<contact>', 'id of the contact, <account>:<key>')
  .description(
    'Print what stands for a contact in audit events. Needs the configuration that the gateway was started with.',
  )
  .action(async (contact: string) => {
    const { printContactHash } = await import('./print-contact-hash.ts')
    process.exitCode = await printContactHash(contact, process.env)
  })

program
  .command('openapi')
  .description('Print the OpenAPI document.')
  .action(async () => {
    const { openapiDocument } = await import('./openapi-document.ts')
    await print(await openapiDocument(build))
  })

program
  .command('import')
  .argument('<file>', 'CSV file, or Excel workbook (.xlsx)')
  .requiredOption('--list <id>', 'list that the rows go to')
  .requiredOption('--url <gateway>', 'address of the gateway')
  .option('--key-file <file>', 'file with the client key; default: the variable CONTACT_GATEWAY_KEY')
  .option(
    '--options <json>',
    'mapping, order, defaultCountry, numbers, onConflict, delimiter, encoding, headerRow, tagSeparator, emptyCells, as JSON',
  )
  .option('--map <column=field>', 'what a column is; without a field: not wanted. For each column one', collect)
  .option('--order <field=columns>', 'which of several columns of a field counts first, with commas between', collect)
  .option('--encoding <label>', 'of the file, such as windows-1252; default: UTF-8, or UTF-16 by its mark')
  .option('--header-row <line>', 'line of the file on which the header stands, from 1; what is above is left out')
  .addOption(
    new Option('--numbers <form>', 'how phone numbers are written: with their country code and no +').choices([
      'international',
    ]),
  )
  .option('--tag-separator <text>', 'what stands between the tags of a cell; default: found in each cell')
  .option(
    '--empty-cells <texts>',
    "what cells say that have no value, with commas between; '' for nothing; default: N/A,#N/A,-,NULL,\\N",
  )
  .option(
    '--dry-run',
    'show what each column is taken for and what each account would get; send and keep nothing',
    false,
  )
  .option('--validate-only', 'check all rows, send none', false)
  .option('--errors <file>', 'where to write the rows that did not get in', 'errors.csv')
  .option('--force', 'overwrite that file', false)
  .description(
    'Upload a CSV file or an Excel workbook, show its progress, and write the rows that did not get in. Exit code 1 if there are any.',
  )
  .action(async (file: string, flags: ImportFlags) => {
    const { importFile, readKey } = await import('./import-file.ts')
    const key = readKey(flags.keyFile, process.env.CONTACT_GATEWAY_KEY)
    if (key === undefined) return fail('Set CONTACT_GATEWAY_KEY, or name a file with --key-file.')
    const { importOptions } = await import('./import-options.ts')
    const { list, url, validateOnly, dryRun, force, errors: errorsFile } = flags
    try {
      const options = importOptions(flags)
      process.exitCode = await importFile(
        { file, list, url, options, validateOnly, dryRun, errorsFile, force },
        key,
        process.stdout,
      )
    } catch (error) {
      fail((error as Error).message, 2)
    }
  })

/** A flag that may come several times. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

type ImportFlags = OptionFlags & {
  readonly list: string
  readonly url: string
  readonly keyFile?: string
  readonly validateOnly: boolean
  readonly dryRun: boolean
  readonly errors: string
  readonly force: boolean
}

program
  .command('suppress')
  .argument('<file>', 'CSV file with columns email, phone, whatsapp; each cell is an entry of its own')
  .requiredOption('--url <gateway>', 'address of the gateway')
  .option('--reason <reason>', 'opt_out, complaint, bounce or manual')
  .option('--source <text>', 'where it was said, without an address')
  .option('--default-country <code>', 'of numbers without a country code, such as FR')
  .option(
    '--undo',
    'take back what this file created, where nobody has said it again since; needs the scope admin',
    false,
  )
  .option('--key-file <file>', 'file with the client key; default: the variable CONTACT_GATEWAY_KEY')
  .description('Put everybody in a file on the suppression list. Exit code 1 if some were not taken.')
  .action(async (file: string, flags: SuppressFlags) => {
    const { readKey } = await import('./import-file.ts')
    const { suppressFile, undoSuppressions } = await import('./suppress-file.ts')
    const key = readKey(flags.keyFile, process.env.CONTACT_GATEWAY_KEY)
    if (key === undefined) return program.error('Set CONTACT_GATEWAY_KEY, or name a file with --key-file.')
    const { url, undo, reason, source, defaultCountry } = flags
    try {
      if (undo) process.exitCode = await undoSuppressions({ file, url }, key, process.stdout)
      else if (reason === undefined) return program.error('Say why, with --reason.')
      else process.exitCode = await suppressFile({ file, url, reason, source, defaultCountry }, key, process.stdout)
    } catch (error) {
      program.error((error as Error).message, { exitCode: 2 })
    }
  })

type SuppressFlags = {
  readonly url: string
  readonly reason?: string
  readonly source?: string
  readonly defaultCountry?: string
  readonly undo: boolean
  readonly keyFile?: string
}

const webhooks = program.command('webhooks').description('Where clients are told of events.')
webhooks
  .command('test')
  .argument('<client>', 'id of the client in the configuration file')
  .description(
    'Send a test event to each webhook of a client, signed as all are. Exit code 1 if one does not take it. Needs the configuration that the gateway was started with.',
  )
  .action(async (client: string) => {
    const { testWebhooks } = await import('./test-webhooks.ts')
    process.exitCode = await testWebhooks(client, process.env)
  })

program
  .command('explain')
  .argument('<request>', 'id of the request: its X-Request-Id, or the end of instance in a problem')
  .requiredOption('--url <gateway>', 'address of the gateway')
  .option('--client <id>', 'whose request it is; with a key that has the scope admin')
  .option('--key-file <file>', 'file with the client key; default: the variable CONTACT_GATEWAY_KEY')
  .description('Say what was done for a request, step by step, and why no more was done.')
  .action(async (id: string, { url, client, keyFile }: ExplainFlags) => {
    const { readKey } = await import('./import-file.ts')
    const { explainRequest } = await import('./explain-request.ts')
    const key = readKey(keyFile, process.env.CONTACT_GATEWAY_KEY)
    if (key === undefined) return fail('Set CONTACT_GATEWAY_KEY, or name a file with --key-file.')
    try {
      await explainRequest({ id, url, client }, key, process.stdout)
    } catch (error) {
      fail((error as Error).message, 2)
    }
  })

type ExplainFlags = { readonly url: string; readonly client?: string; readonly keyFile?: string }

program
  .command('simulators')
  .description('Start the simulated providers on ports of their own, for client teams.')
  .action(async () => {
    await import('../simulators/main.ts')
  })

// Exit codes tell where nobody reads the words.
process.stderr.on('error', () => {})
await program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof NotPrinted)) throw error
  fail(error.message)
})

/** Says what is wrong where the flags are right: how they are to be written helps nobody then. */
function fail(message: string, exitCode = 1): void {
  process.stderr.write(`${message}\n`)
  process.exitCode = exitCode
}
