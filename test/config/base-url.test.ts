import { describe, expect, test } from 'vitest'
import { changed, configOf, mistakesOf } from './documents.ts'

describe('base URLs', () => {
  const withUrl = (baseUrl: string, allowInsecure = false) =>
    changed((d) => Object.assign(d.accounts['apple-main'], { baseUrl, allowInsecure }))

  test.each([
    ['https://eu.apple.example', 'https://eu.apple.example'],
    ['https://eu.apple.example:8443/v2/', 'https://eu.apple.example:8443/v2'],
    ['http://127.0.0.1:9101', 'http://127.0.0.1:9101'],
    ['http://127.9.9.9', 'http://127.9.9.9'],
    ['http://[::1]:9101/x', 'http://[::1]:9101/x'],
    ['http://localhost:9101', 'http://localhost:9101'],
  ])('takes %s', (given, baseUrl) => {
    expect(configOf(withUrl(given)).accounts.get('apple-main')?.baseUrl).toBe(baseUrl)
  })

  test.each([
    'http://apple.example',
    'http://10.0.0.1',
    'http://128.0.0.1',
    'http://127.0.0.1.example',
    'http://localhost.example',
    'http://0.0.0.0',
    'http://[::]',
    'HTTP://apple.example',
  ])('refuses %s, unless it is allowed, which is warned of', (url) => {
    expect(mistakesOf(withUrl(url))).toEqual([
      'accounts.apple-main.baseUrl must be https:// (or set allowInsecure: true): http:// is for this machine alone',
    ])
    expect(configOf(withUrl(url, true)).warnings).toEqual([
      'accounts.apple-main.baseUrl sends credentials and contacts unencrypted',
    ])
  })

  test.each([
    'https://user:pass@apple.example',
    'https://user@apple.example',
    'https://@apple.example',
    'https://apple.example?key=1',
    'https://apple.example/?',
    'https://apple.example/#top',
    'https://apple.example\\@evil.example',
    'https:apple.example',
    'https://',
    'ftp://apple.example',
    'file:///etc/passwd',
    'apple.example',
    ' https://apple.example',
    '',
  ])('refuses %j even where insecure ones are allowed', (url) => {
    expect(mistakesOf(withUrl(url, true))).toEqual([
      'accounts.apple-main.baseUrl must be an https:// URL without user name, password, query and fragment',
    ])
  })
})
