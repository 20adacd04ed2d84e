import { describe, expect, test } from 'vitest'
import type { DriftKind } from '../../../src/providers/reading/drift.ts'
import { isAll, openPage, readEnd } from '../../../src/providers/reading/read-page.ts'
import { noting } from './noted.ts'

const asked = { page: 1, limit: 25 }
const all = { items: ['a', 'b'], total: 2, limit: 25, hasMore: false }

describe('a page', () => {
  const rows: [name: string, body: unknown, read: object | undefined, ...drift: DriftKind[]][] = [
    ['as documented', { items: ['a', 'b'], total: 2, limit: 25, has_more: false }, all],
    ['counts as texts', { items: ['a', 'b'], total: '2', limit: '25', has_more: 'false' }, all, 'number_form'],
    ['data and meta', { data: ['a', 'b'], meta: { total: 2, limit: 25, has_more: false } }, all, 'envelope'],
    [
      'pages of Laravel',
      { current_page: 1, data: ['a', 'b'], last_page: 1, next_page_url: null, per_page: 25, total: 2 },
      all,
      'envelope',
    ],
    [
      'resources of Laravel',
      { data: ['a', 'b'], links: { next: null }, meta: { current_page: 1, last_page: 1, per_page: 25, total: 2 } },
      all,
      'envelope',
    ],
    [
      'results and next',
      { count: 2, next: null, results: ['a', 'b'] },
      { ...all, total: undefined, limit: undefined },
      'envelope',
    ],
    [
      'an envelope',
      { success: true, data: { items: ['a', 'b'], total: 2, limit: 25, has_more: false } },
      all,
      'envelope',
    ],
    [
      'marks outside the envelope',
      { data: { items: ['a', 'b'] }, total: 2, limit: 25, has_more: false },
      all,
      'envelope',
    ],
    ['JSON in a text', JSON.stringify({ items: ['a', 'b'], total: 2, limit: 25, has_more: false }), all, 'json_text'],
    ['places as names', { items: { 0: 'a', 1: 'b' }, total: 2, limit: 25, has_more: false }, all, 'list_form'],
    [
      'a bare list',
      ['a', 'b'],
      { items: ['a', 'b'], total: undefined, limit: undefined, hasMore: undefined },
      'envelope',
    ],
    [
      'null for nobody',
      { items: null, total: 0 },
      { ...all, items: [], total: 0, limit: undefined, hasMore: undefined },
      'null_list',
    ],
    ['null alone', { items: null }, { items: [], total: undefined, limit: undefined, hasMore: undefined }, 'null_list'],
    ['null where a total speaks of somebody', { items: null, total: 1 }, undefined],
    ['null where there is more', { items: null, has_more: true }, undefined],
    ['an object that is no list', { items: {} }, undefined],
    ['no list', { message: 'hello' }, undefined],
    ['null', null, undefined],
    ['a text', 'hello', undefined],
  ]
  test.each(rows)('%s', (_name, body, read, ...drift) => {
    expect(noting((note) => openPage(body, asked, note))).toEqual({ value: read, drift })
  })

  test('that is null past the end is empty', () => {
    expect(openPage({ items: null, total: 30 }, { page: 3, limit: 25 }, () => {})?.items).toEqual([])
  })
})

describe('the end of a list', () => {
  const page = (items: number, rest: object) => ({
    items: Array(items).fill('x'),
    total: undefined,
    limit: undefined,
    hasMore: undefined,
    ...rest,
  })
  const rows: [name: string, page: ReturnType<typeof page>, more: boolean, missing: number, isAll: boolean][] = [
    ['has_more false', page(2, { hasMore: false }), false, 0, true],
    ['has_more true', page(25, { hasMore: true }), true, 0, false],
    ['a total that is reached', page(2, { total: 2 }), false, 0, true],
    ['a total that is not', page(25, { total: 30 }), true, 0, false],
    ['nothing said, a page that is not full', page(2, {}), true, 0, false],
    ['nothing said, nobody on it', page(0, {}), false, 0, true],
    ['nobody on it, and a total of one', page(0, { hasMore: false, total: 1 }), false, 1, false],
    ['nobody on it, and has_more true', page(0, { hasMore: true }), false, 0, false],
    ['has_more false, and a greater total', page(2, { hasMore: false, total: 5 }), false, 3, false],
    ['a page in the middle that was cut', page(20, { hasMore: true, total: 60, limit: 25 }), true, 5, false],
    ['the limit that the provider made of ours', page(10, { total: 30, limit: 10 }), true, 0, false],
  ]
  test.each(rows)('%s', (_name, shown, more, missing, whole) => {
    expect(readEnd(shown, asked, () => {})).toEqual({ more, missing })
    expect(isAll(shown)).toBe(whole)
  })
})
