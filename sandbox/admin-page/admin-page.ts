import { page, seeOther } from '#connectors/jira/stand-in/answers.ts'
import { Markup, markup, words } from '#connectors/jira/stand-in/markup.ts'
import { STYLE } from '#connectors/jira/stand-in/style.ts'
import type { HttpAnswer } from '#connectors/kit/io.ts'
import type { StandIn } from '#connectors/kit/stand-in.ts'
import type { Company } from '../company/company.ts'
import type { Person } from '../company/people.ts'
import type { AdminDirectory, AdminGroup } from './directories.ts'

/**
 * The pages on which a visitor of the sandbox is the administrator of Okta, Entra ID or Google Workspace, and changes a group
 * around Tenure: what is clicked here is drift. They stand for the vendors' own consoles, and Tenure never calls them.
 *
 *   GET  /                           the directories and their groups
 *   GET  /okta/<group>               who is in it
 *   POST /okta/<group>  do, person   adds or removes somebody
 */
export function adminPage(company: Company, directories: readonly AdminDirectory[]): StandIn {
  return (request, now) => {
    const url = new URL(request.url)
    const [name = '', groupId = ''] = url.pathname.slice(1).split('/').map(decodeURIComponent)
    if (name === '') return page(200, frame('Directories', listOf(directories)))
    const directory = directories.find((each) => each.name === name)
    const group = directory?.groups.find((each) => each.id === groupId)
    if (directory === undefined || group === undefined)
      return page(404, frame('No such group', markup`<p><a href="/">All groups</a></p>`))
    if (request.method === 'GET')
      return page(200, frame(`${directory.displayName}: ${group.name}`, groupPage(company, directory, group, null)))
    // A page of another site may not click here for the visitor.
    const { origin } = request.headers
    if (origin !== undefined && origin !== url.origin) return page(403, frame('Not from here', markup`<p></p>`))
    return changed(company, directory, group, new URLSearchParams(request.body), now)
  }
}

function changed(
  company: Company,
  directory: AdminDirectory,
  group: AdminGroup,
  form: URLSearchParams,
  now: number,
): HttpAnswer {
  const person = personCalled(company, form.get('person')?.trim() ?? '')
  const account = person && directory.accountOf(person.id)
  const because =
    group.fedBy !== null
      ? `Nobody can be added or removed by hand: ${group.fedBy} keeps this group.`
      : !person
        ? 'Nobody has exactly that name. Choose one from the list.'
        : account === null
          ? `${person.displayName} has no account here.`
          : null
  if (because !== null || account === null)
    return page(400, frame(`${directory.displayName}: ${group.name}`, groupPage(company, directory, group, because)))
  if (form.get('do') === 'remove') directory.remove(group.id, account, now)
  else directory.add(group.id, account, now)
  return seeOther(`/${directory.name}/${encodeURIComponent(group.id)}`)
}

/** By the name that the list shows: of two namesakes it shows the title as well. */
function personCalled(company: Company, name: string): Person | null {
  return company.people.find((each) => each.id === name || labelOf(company, each) === name) ?? null
}

function labelOf(company: Company, { displayName, title }: Person): string {
  const namesakes = company.people.filter((each) => each.displayName === displayName)
  return namesakes.length > 1 ? `${displayName} (${title})` : displayName
}

function listOf(directories: readonly AdminDirectory[]): Markup {
  const row = (directory: AdminDirectory, group: AdminGroup): Markup => markup`<tr>
<td><a href="/${directory.name}/${encodeURIComponent(group.id)}">${words(group.name)}</a></td>
<td>${words(group.description)}</td><td>${group.fedBy === null ? 'by hand' : group.fedBy}</td></tr>`
  const one = (directory: AdminDirectory): Markup => markup`<h2>${directory.displayName}</h2>
<div class="scroll"><table><thead><tr><th scope="col">Group</th><th scope="col">What for</th><th scope="col">Members come</th></tr></thead>
<tbody>${directory.groups.map((group) => row(directory, group))}</tbody></table></div>`
  return markup`<p>Be the administrator of a directory, and change a group around Tenure. What it finds is in
<code>npm exec -- tenure findings</code> after its next look, and in an issue in Jira.</p>${directories.map(one)}`
}

function groupPage(company: Company, directory: AdminDirectory, group: AdminGroup, because: string | null): Markup {
  const members = company.people.filter((each) => {
    const account = directory.accountOf(each.id)
    return account !== null && directory.isMember(group.id, account)
  })
  const label = (each: Person): string => labelOf(company, each)
  const row = (each: Person): Markup => markup`<tr><td>${words(label(each))}</td><td>${words(each.title)}</td>
<td>${group.fedBy === null ? removeForm(each, label(each)) : null}</td></tr>`
  const others = company.people.filter((each) => !members.includes(each) && directory.accountOf(each.id) !== null)
  return markup`${because === null ? null : markup`<p class="note bad" role="alert">${because}</p>`}
<p>${words(group.description)}. <a href="/">All groups</a></p>
${group.fedBy === null ? addForm(others.map(label)) : markup`<p class="note">Members come from ${group.fedBy}.</p>`}
<h2>${members.length} members</h2>
<div class="scroll"><table><thead><tr><th scope="col">Name</th><th scope="col">Title</th><th scope="col"></th></tr></thead>
<tbody>${members.map(row)}</tbody></table></div>`
}

function addForm(names: readonly string[]): Markup {
  return markup`<form method="post" class="card"><input type="hidden" name="do" value="add">
<label for="person">Add somebody</label>
<input id="person" name="person" list="people" autocomplete="off" required>
<datalist id="people">${names.map((name) => markup`<option value="${name}"></option>`)}</datalist>
<p class="act"><button>Add to the group</button></p></form>`
}

function removeForm({ id }: Person, label: string): Markup {
  return markup`<form method="post" class="inline"><input type="hidden" name="do" value="remove">
<input type="hidden" name="person" value="${id}"><button class="quiet" aria-label="Remove ${label}">Remove</button></form>`
}

function frame(title: string, main: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Directories of the sandbox</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<p class="stand-in"><strong>Stand-ins.</strong> These pages imitate the administrator consoles of Okta, Entra ID and Google Workspace, so that
you can change something around Tenure. Nothing here reaches a vendor.</p>
</header>
<main id="main"><h1>${words(title)}</h1>${main}</main>
</body>
</html>
`.text
}
