import { describe } from 'node:test'
import { keepsAccounts, endsSessions } from './conformance-account.ts'
import { tellsActivity } from './conformance-activity.ts'
import { tellsChanges } from './conformance-changes.ts'
import { listsWhole } from './conformance-lists.ts'
import { writesMemberships } from './conformance-membership.ts'
import { namesPeople } from './conformance-people.ts'
import { refuses } from './conformance-refusals.ts'
import { knowsItsRights } from './conformance-rights.ts'
import type { DirectorySubject } from './conformance-subject.ts'
import { bearsTrouble } from './conformance-trouble.ts'

/**
 * What every directory connector keeps, in sentences. A connector passes all of them or is none. What a vendor has not got
 * (rules, a list of changes, a log, …) is skipped, and the report says so.
 */
export function describeDirectoryConformance(name: string, makeSubject: () => DirectorySubject): void {
  describe(`${name} keeps the contract of a directory`, () => {
    describe('memberships', () => writesMemberships(makeSubject))
    describe('refusals', () => refuses(makeSubject))
    describe('trouble', () => bearsTrouble(makeSubject))
    describe('lists and pages', () => listsWhole(makeSubject))
    describe('people and groups', () => namesPeople(makeSubject))
    describe('changes', () => tellsChanges(makeSubject))
    describe('accounts', () => keepsAccounts(makeSubject))
    describe('sessions', () => endsSessions(makeSubject))
    describe('activity', () => tellsActivity(makeSubject))
    describe('rights', () => knowsItsRights(makeSubject))
  })
}
