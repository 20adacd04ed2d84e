// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the syntax of the configuration file
import { describe, expect, test } from 'vitest'
import { checkConfig } from '../../src/config/check-config.ts'
import { adapters, changed, configOf, mistakesOf, planted, reference, validDocument } from './documents.ts'

describe('references to variables', () => {
  const titled = (title: string) => changed((d) => (d.lists.plain.title = title))

  test.each([
    ['before ${X} after', 'before value after'],
    ['${X}${Y}', 'valueother'],
    ['$${X}', '${X}'],
    ['$X', '$X'],
    ['$', '$'],
  ])('%s becomes %s', (text, title) => {
    expect(configOf(titled(text), { ...planted, X: 'value', Y: 'other' }).lists.get('plain')?.title).toBe(title)
  })

  test('a value is not expanded again', () => {
    const env = { ...planted, X: reference('PEAR_KEY') }
    expect(configOf(titled(reference('X')), env).lists.get('plain')?.title).toBe(reference('PEAR_KEY'))
  })

  test.each(['${}', '${X-1}', '${X:-default}', '${X', '${ X }'])('%s is a mistake', (text) => {
    expect(mistakesOf(titled(text), { ...planted, X: 'x' })).toEqual([
      "lists.plain.title has a reference without a variable's name: write ${NAME}, or $${ for the characters",
    ])
  })

  test('work in every text: account references, networks, addresses, names of lists', () => {
    const document = changed((d) => {
      d.server.publicUrl = reference('URL')
      d.lists.plain.targets[0].account = reference('ACCOUNT')
      d.lists.plain.targets[0].tag = reference('TAG')
      d.clients.crm.networks[0] = reference('NET')
    })
    const env = { ...planted, URL: 'https://c.example', ACCOUNT: 'pear-in', TAG: 't', NET: '192.0.2.0/24' }
    const config = configOf(document, env)
    expect(config.server.publicUrl).toBe('https://c.example')
    expect(config.lists.get('plain')?.targets).toEqual([{ account: 'pear-in', target: { tag: 't' } }])
    expect(config.clients.get('crm')?.networks[0]).toBe('192.0.2.0/24')
    expect(mistakesOf(document)).toEqual([
      'server.publicUrl needs the variable URL (or URL_FILE), which is not set',
      'lists.plain.targets[0].account needs the variable ACCOUNT (or ACCOUNT_FILE), which is not set',
      'clients.crm.networks[0] needs the variable NET (or NET_FILE), which is not set',
    ])
  })

  test.each(['constructor', 'toString', '__proto__'])('%s is no variable', (name) => {
    expect(mistakesOf(titled(reference(name)))).toEqual([expect.stringContaining('which is not set')])
  })
})

describe('secrets from files', () => {
  const env = { APPLE_KEY_FILE: '/run/secrets/apple', PEAR_LOGIN: planted.PEAR_LOGIN, PEAR_KEY: planted.PEAR_KEY }
  const keyWith = (content: string) =>
    configOf(validDocument(), env, () => content)
      .accounts.get('apple-main')
      ?.credentials.key?.reveal()

  test.each([
    ['s3cr3t-key', 's3cr3t-key'],
    ['s3cr3t-key\n', 's3cr3t-key'],
    ['s3cr3t-key\r\n', 's3cr3t-key'],
  ])('%j is read as %j', (content, key) => {
    expect(keyWith(content)).toBe(key)
  })

  test('only one newline is taken off: a second one is a mistake', () => {
    expect(mistakesOf(validDocument(), env, () => 's3cr3t-key\n\n')).toEqual([
      expect.stringContaining('accounts.apple-main.credentials.key must be of ASCII characters'),
    ])
  })

  test('the variable itself goes before its file', () => {
    expect(mistakesOf(validDocument(), { ...env, APPLE_KEY: planted.APPLE_KEY })).toEqual([])
  })

  test('a file that cannot be read, or is empty, is a mistake that does not show its path', () => {
    expect(mistakesOf(validDocument(), env)).toEqual([
      'accounts.apple-main.credentials.key needs the file named by APPLE_KEY_FILE, which cannot be read (ENOENT)',
    ])
    expect(mistakesOf(validDocument(), env, () => '\n')).toEqual([
      'accounts.apple-main.credentials.key needs a value: the file named by APPLE_KEY_FILE is empty',
    ])
  })

  test('are named in the result, so that a change of them can be noticed', () => {
    expect(checkConfig(validDocument(), env, { adapters, readFile: () => 's3cr3t-key' }).files).toEqual([
      '/run/secrets/apple',
    ])
  })
})
