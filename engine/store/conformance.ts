import { describe } from 'node:test'
import { claims } from './conformance-claim.ts'
import { commits } from './conformance-commit.ts'
import { directories } from './conformance-directory.ts'
import { due } from './conformance-due.ts'
import { onEach, type StoreSubject } from './conformance-given.ts'
import { json } from './conformance-json.ts'
import { links } from './conformance-links.ts'
import { log } from './conformance-log.ts'
import { members } from './conformance-members.ts'
import { memberships } from './conformance-memberships.ts'
import { settling } from './conformance-settle.ts'
import { streams } from './conformance-streams.ts'

/**
 * What every store keeps, in sentences: PostgreSQL and the twin in memory pass all of them. What only several connections
 * at once can show is in engine/store/postgres/postgres-store.test.ts; that the two answer alike whatever they are asked,
 * in engine/store/memory/same-answers.test.ts.
 */
export function describeStoreConformance(subject: StoreSubject): void {
  const on = onEach(subject)
  describe(`${subject.name} keeps the contract of a store`, () => {
    describe('streams', () => streams(on))
    describe('JSON', () => json(on))
    describe('commits', () => commits(on))
    describe('claims', () => claims(on))
    describe('settlements and timers', () => settling(on))
    describe('memberships', () => memberships(on))
    describe('what is due', () => due(on))
    describe('directories', () => directories(on))
    describe('members', () => members(on))
    describe('links and allowances', () => links(on))
    describe('the log', () => log(on))
  })
}
