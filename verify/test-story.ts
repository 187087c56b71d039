import type { Entry } from './test-pack.ts'
import type { Fields } from './record.ts'

/*
 * What a small company's log holds, in the words of docs/evidence.md: six hours of a database approved in Jira and
 * taken back; a role that a rule approved, whose change was only found by reading back; a request that was declined;
 * and a revocation that is still under way.
 */

const START = Date.parse('2026-11-02T09:00:00.000Z')
const ENGINE = { kind: 'engine' }

/** So many minutes into the story. */
export function minute(minutes: number): string {
  return new Date(START + minutes * 60_000).toISOString()
}

function entry(minutes: number, stream: string, type: string, data: Fields, by: Fields = ENGINE): Entry {
  return { stream, type, at: minute(minutes), by, data }
}

export function person(id: string): Fields {
  return { kind: 'person', id, door: 'jira' }
}

const DATABASE = { provider: 'okta', id: '00gDatabase' }
const SUPPORT = { provider: 'okta', id: '00gSupport' }

export function story(): Entry[] {
  return [...setUp(), ...databaseForSixHours(), ...declined(), ...supportByRule()]
}

function setUp(): Entry[] {
  const operator = { kind: 'operator', name: 'root' }
  return [
    entry(0, 'group/okta/00gDatabase', 'GroupClaimed', { name: 'prod-database' }, operator),
    entry(0, 'group/okta/00gSupport', 'GroupClaimed', { name: 'support' }, operator),
    entry(1, 'approval-rule/app-owner', 'ApprovalRulePublished', published('app-owner', 1), operator),
    entry(1, 'approval-rule/known-role', 'ApprovalRulePublished', published('known-role', 3), operator),
    entry(2, 'catalog', 'CatalogPublished', { version: 1, hash: '9f'.repeat(32) }, operator),
    {
      ...entry(3, 'person/per_ada', 'PersonLinked', { system: 'jira', proof: 'external id' }, operator),
      personal: { account: '5b10a2844c20165700ede21g' },
    },
  ]
}

function published(ruleId: string, version: number): Fields {
  return { ruleId, version, definition: { steps: [{ kind: ruleId }] } }
}

function databaseForSixHours(): Entry[] {
  const request = 'request/req_db'
  const grant = 'grant/gra_db'
  const membership = 'membership/okta/00gDatabase/per_ada'
  const rule = { id: 'app-owner', version: 1 }
  const links = { grantId: 'gra_db', requestId: 'req_db' }
  const askHash = 'aa'.repeat(32)
  return [
    {
      ...entry(10, request, 'RequestSubmitted', ask('per_ada', [DATABASE], askHash, rule), person('per_ada')),
      personal: {
        reason: 'Customer T\u00fcr\u00e7 lost orders \ud83d\ude80',
        app: 'Production database',
        role: 'Reader',
      },
    },
    entry(20, request, 'RequestApproved', approved(askHash, rule), person('per_owner')),
    entry(20, grant, 'GrantOpened', opened('req_db', 'per_ada', [DATABASE])),
    entry(20, membership, 'ReasonAdded', { reasonId: 'gra_db', heldBefore: false }),
    entry(21, membership, 'ChangeIntended', { changeId: 'chg_1', do: 'add', account: '00uAda', ...links }),
    entry(22, membership, 'ChangeAnswered', { changeId: 'chg_1', kind: 'unavailable', retryAfterMs: 1000 }),
    entry(23, membership, 'ChangeAnswered', answered('chg_1', 'changed', minute(23), 'reqOne')),
    entry(24, membership, 'ChangeProven', {
      ...proven('chg_1', 'add', 'changed', 'reqOne', [minute(21), minute(23), minute(24)]),
      ...links,
    }),
    entry(24, grant, 'GroupConfirmed', { group: DATABASE, readAt: minute(24), confirmed: 1, of: 1 }),
    entry(24, grant, 'WindowStarted', { startsAt: minute(24), endsAt: minute(384) }),
    entry(384, grant, 'GrantEnding', { because: 'window ended' }, { kind: 'timer' }),
    entry(384, membership, 'ReasonEnded', { reasonId: 'gra_db', otherReasons: [] }),
    entry(385, membership, 'ChangeIntended', { changeId: 'chg_2', do: 'remove', account: '00uAda', ...links }),
    entry(386, membership, 'ChangeAnswered', answered('chg_2', 'changed', minute(386), 'reqTwo')),
    entry(387, membership, 'ChangeProven', {
      ...proven('chg_2', 'remove', 'changed', 'reqTwo', [minute(385), minute(386), minute(387)]),
      ...links,
    }),
    entry(387, grant, 'GroupReleased', { group: DATABASE, how: 'removed', otherReasons: [], readAt: minute(387) }),
    entry(387, grant, 'GrantEnded', { because: 'window ended' }),
  ]
}

function declined(): Entry[] {
  const rule = { id: 'app-owner', version: 1 }
  const askHash = 'bb'.repeat(32)
  const approval = { desk: 'jira', id: '7', completedAt: minute(400) }
  return [
    {
      ...entry(390, 'request/req_no', 'RequestSubmitted', ask('per_ben', [DATABASE], askHash, rule), person('per_ben')),
      personal: { reason: 'Curious', app: 'Production database', role: 'Reader' },
    },
    entry(400, 'request/req_no', 'RequestDeclined', { askHash, approval }, person('per_owner')),
  ]
}

function supportByRule(): Entry[] {
  const request = 'request/req_sup'
  const grant = 'grant/gra_sup'
  const membership = 'membership/okta/00gSupport/per_cy'
  const rule = { id: 'known-role', version: 3 }
  const links = { grantId: 'gra_sup', requestId: 'req_sup' }
  const askHash = 'cc'.repeat(32)
  const byRule = { askHash, rule, findings: [], approval: null }
  return [
    {
      ...entry(500, request, 'RequestSubmitted', ask('per_cy', [SUPPORT], askHash, rule), person('per_cy')),
      personal: { reason: 'First day', app: 'Helpdesk', role: 'Agent' },
    },
    entry(500, request, 'RequestApproved', byRule, { kind: 'rule', ...rule }),
    entry(500, grant, 'GrantOpened', opened('req_sup', 'per_cy', [SUPPORT])),
    entry(501, membership, 'ChangeIntended', { changeId: 'chg_3', do: 'add', account: '00uCy', ...links }),
    entry(502, membership, 'ChangeAnswered', { changeId: 'chg_3', kind: 'unavailable', retryAfterMs: null }),
    entry(503, membership, 'ChangeProven', {
      ...proven('chg_3', 'add', 'found by read-back', null, [minute(501), null, minute(503)]),
      ...links,
    }),
    entry(503, grant, 'WindowStarted', { startsAt: minute(503), endsAt: null }),
    entry(600, grant, 'GrantEnding', { because: 'revoked' }, person('per_owner')),
    entry(601, membership, 'ChangeIntended', { changeId: 'chg_4', do: 'remove', account: '00uCy', ...links }),
    entry(602, membership, 'ChangeAnswered', answered('chg_4', 'accepted', minute(602), 'reqFour')),
  ]
}

function ask(personId: string, groups: readonly Fields[], askHash: string, rule: Fields): Fields {
  const [beneficiaryId, requesterId] = [personId, personId]
  return { requesterId, beneficiaryId, appId: 'app', roleId: 'role', groups, hours: 6, askHash, rule, heldAlready: [] }
}

function approved(askHash: string, rule: Fields): Fields {
  return { askHash, rule, findings: [], approval: { desk: 'jira', id: '5', completedAt: minute(20) } }
}

function opened(requestId: string, personId: string, groups: readonly Fields[]): Fields {
  return { requestId, personId, roleId: 'role', groups, hours: 6, completeBy: minute(380) }
}

function answered(changeId: string, kind: string, at: string, receipt: string): Fields {
  return { changeId, kind, at, receipt }
}

function proven(
  changeId: string,
  direction: string,
  effect: string,
  receipt: string | null,
  [intendedAt, answeredAt, readAt]: readonly [string, string | null, string],
): Fields {
  return { changeId, do: direction, effect, receipt, intendedAt, answeredAt, readAt }
}
