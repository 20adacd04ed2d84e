import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { testImportBacklog } from './import-backlog.ts'
import { testImportCancel } from './import-cancel.ts'
import { testImportCounts } from './import-counts.ts'
import { testImportDrafts } from './import-drafts.ts'
import { testImportLists } from './import-lists.ts'
import { testImportLosses } from './import-losses.ts'
import { testImportOwners } from './import-owners.ts'
import { testImportPlaces } from './import-places.ts'
import { testImportReports } from './import-reports.ts'
import { type ImportStoreUnderTest, unexpected } from './import-store-under-test.ts'
import { testImportTurns } from './import-turns.ts'
import { testImportWork } from './import-work.ts'

/** What every import store guarantees. Opened once; every test uses accounts and clients of its own. */
export function describeImportStore(name: string, open: () => Promise<ImportStoreUnderTest>): void {
  describe(`import store: ${name}`, () => {
    let opened: ImportStoreUnderTest
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    afterEach(() => expect(unexpected.splice(0)).toEqual([]))

    const subject = () => opened
    describe('drafts', () => testImportDrafts(subject))
    describe('work', () => testImportWork(subject))
    describe('counts', () => testImportCounts(subject))
    describe('losses', () => testImportLosses(subject))
    describe('owners', () => testImportOwners(subject))
    describe('cancel', () => testImportCancel(subject))
    describe('turns', () => testImportTurns(subject))
    describe('reports', () => testImportReports(subject))
    describe('lists', () => testImportLists(subject))
    describe('places', () => testImportPlaces(subject))
    describe('backlog', () => testImportBacklog(subject))
  })
}
