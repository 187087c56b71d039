import type { HttpAnswer } from '#connectors/kit/io.ts'
import { page, seeOther } from './answers.ts'
import { openApprovalOf } from './approvals.ts'
import { markup, words, type Markup } from './markup.ts'
import { frame } from './page-frame.ts'
import type { Account, Site, Ticket } from './site.ts'
import { address, asPerson, lozenge, nameOf, timeOf, type Visit } from './visit.ts'

const MOST_MATCHES = 20
const MOST_TICKETS = 50

/** Who are you, and what was asked lately. */
export function homePage(visit: Visit): HttpAnswer {
  const { site, query } = visit
  const back = ownPath(query.get('back'))
  const wanted = query.get('who')?.trim() ?? ''
  const matches = wanted === '' ? [] : peopleLike(site, wanted)
  const [only] = matches
  if (matches.length === 1 && only !== undefined) return seeOther(asPerson(back, only.accountId))
  const main = markup`
<section aria-labelledby="who-title" class="card">
<h2 id="who-title">Who are you today?</h2>
<form method="get" action="/">
<input type="hidden" name="back" value="${back}">
<label for="who">Name or e-mail</label>
<input id="who" name="who" list="people" value="${wanted}" autocomplete="off" required aria-describedby="who-hint">
<p class="hint" id="who-hint">Everybody can be chosen. Two tabs can be two people.</p>
<datalist id="people">${people(site).map(({ displayName }) => markup`<option value="${displayName}"></option>`)}</datalist>
<p class="act"><button>Continue</button></p>
</form>
${wanted === '' ? null : matchList(back, matches)}
${awaited(site)}
</section>
<h2>Latest requests</h2>
${ticketTable(visit)}`
  return page(200, frame(visit, 'Requests', main))
}

function matchList(back: string, matches: readonly Account[]): Markup {
  if (matches.length === 0) return markup`<p class="note" role="status">Nobody has that name.</p>`
  const shown = matches.slice(0, MOST_MATCHES)
  const more = matches.length - shown.length
  const one = ({ accountId, displayName, email }: Account) =>
    markup`<li><a href="${asPerson(back, accountId)}">${words(displayName)}</a> <small>${words(email)}</small></li>`
  return markup`<p role="status">${matches.length} people fit:</p><ul>${shown.map(one)}</ul>
${more > 0 ? markup`<p>and ${more} more: write more of the name.</p>` : null}`
}

/** Whose answer is awaited now: the quickest way for a visitor to become the approver. */
function awaited(site: Site): Markup | null {
  const waiting = new Set<string>()
  for (const ticket of site.tickets.values()) {
    for (const answer of openApprovalOf(site, ticket)?.answers ?? []) {
      if (answer.decision === 'pending') waiting.add(answer.account)
    }
  }
  if (waiting.size === 0) return null
  const link = (id: string) => markup`<li><a href="${asPerson('/approvals', id)}">${nameOf(site, id)}</a></li>`
  return markup`<p class="label">An answer is awaited from</p>
<ul class="plain">${[...waiting].slice(0, MOST_MATCHES).map(link)}</ul>`
}

function ticketTable(visit: Visit): Markup {
  const { site } = visit
  const latest = [...site.tickets.values()].toReversed().slice(0, MOST_TICKETS)
  if (latest.length === 0) {
    return markup`<p>Nothing was asked yet. <a href="${address(visit, '/portal')}">Ask for access</a>.</p>`
  }
  const row = (ticket: Ticket) => markup`<tr>
<td><a href="${address(visit, `/browse/${ticket.key}`)}">${ticket.key}</a></td>
<td>${ticket.requestTypeId === null ? words(ticket.summary) : markup`${words(ticket.app ?? '–')}, ${words(ticket.role ?? '–')}`}</td>
<td>${nameOf(site, ticket.reporter)}</td>
<td>${lozenge(site, ticket.status)}</td>
<td>${timeOf(ticket.updatedAt)}</td>
</tr>`
  const headings = ['Key', 'Asked for', 'By', 'Status', 'Updated'].map((name) => markup`<th scope="col">${name}</th>`)
  return markup`<div class="scroll"><table>
<thead><tr>${headings}</tr></thead>
<tbody>${latest.map(row)}</tbody>
</table></div>`
}

/** Everybody who can log in, without the account that is no person. */
function people(site: Site): readonly Account[] {
  const machine = site.seed.serviceAccount.accountId
  const active = [...site.accounts.values()].filter((account) => account.active && account.accountId !== machine)
  return active.toSorted((a, b) => a.displayName.localeCompare(b.displayName, 'en'))
}

function peopleLike(site: Site, wanted: string): readonly Account[] {
  const text = wanted.toLowerCase()
  const all = people(site)
  const namesOf = ({ accountId, email, displayName }: Account) =>
    [accountId, email, displayName].map((name) => name.toLowerCase())
  const exact = all.filter((account) => namesOf(account).includes(text))
  return exact.length > 0
    ? exact
    : all.filter((account) =>
        namesOf(account)
          .slice(1)
          .some((name) => name.includes(text)),
      )
}

/** Only a path of this site: anything else would send the visitor away. */
function ownPath(path: string | null): string {
  return path !== null && /^\/[A-Za-z0-9/-]+$/.test(path) && !path.startsWith('//') ? path : '/portal'
}
