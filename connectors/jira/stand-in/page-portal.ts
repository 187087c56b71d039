import type { HttpAnswer } from '#connectors/kit/io.ts'
import { page, seeOther } from './answers.ts'
import { markup, words, type Markup } from './markup.ts'
import { alert, chooseFirst, frame } from './page-frame.ts'
import { documentOf } from './rich-text.ts'
import type { JiraSeedApp } from './seed.ts'
import type { Account } from './site.ts'
import { raise } from './tickets.ts'
import { address, meField, type Visit } from './visit.ts'

/** The portal: choose an app, then a role, then fill in the form of the request type. */
export function portalPage(visit: Visit): HttpAnswer {
  const { me, site, query } = visit
  if (me === null) return page(200, frame(visit, 'Ask for access', chooseFirst(visit)))
  const app = site.seed.apps.find((candidate) => candidate.name === query.get('app'))
  if (app === undefined) return page(200, frame(visit, 'Ask for access', appCards(visit)))
  const role = query.get('role')
  const chosen = role !== null && app.roles.includes(role) ? role : null
  const body =
    chosen === null && app.offers !== undefined ? roleCards(visit, app) : requestForm(visit, me, app, chosen, null)
  return page(200, frame(visit, `Ask for access to ${app.name}`, body))
}

export function raiseFromPortal(visit: Visit): HttpAnswer {
  const { me, site, form, now } = visit
  if (me === null) return page(400, frame(visit, 'Ask for access', chooseFirst(visit)))
  const app = site.seed.apps.find((candidate) => candidate.name === form.get('app'))
  if (app === undefined) {
    const because = alert('That application is not offered here.')
    return page(400, frame(visit, 'Ask for access', markup`${because}${appCards(visit)}`))
  }
  const [role, duration] = [form.get('role') ?? '', form.get('duration') ?? '']
  const reason = (form.get('reason') ?? '').replaceAll('\r\n', '\n')
  const [requestType] = site.seed.requestTypes
  const retry = (because: string) =>
    page(400, frame(visit, `Ask for access to ${app.name}`, requestForm(visit, me, app, role, because)))
  if (!app.roles.includes(role)) return retry('Choose a role.')
  if (!site.seed.durations.includes(duration)) return retry('Choose for how long.')
  if (requestType === undefined) return retry('The portal has no request type.')
  const fields = { app: app.name, role, duration, reason: reason === '' ? null : documentOf(reason) }
  const raised = raise(site, me, requestType.id, requestType.name, fields, now)
  if (raised.kind === 'refused') return retry(raised.because)
  return seeOther(address(visit, `/browse/${raised.value.key}`, { said: 'raised' }))
}

function appCards(visit: Visit): Markup {
  const card = ({
    name,
    roles,
  }: JiraSeedApp) => markup`<li><a href="${address(visit, '/portal', { app: name })}">${words(name)}
<small>${roles.length === 1 ? '1 role' : `${roles.length} roles`}</small></a></li>`
  return markup`<p>Which application do you need?</p><ul class="cards">${visit.site.seed.apps.map(card)}</ul>`
}

function roleCards(visit: Visit, app: JiraSeedApp): Markup {
  const card = (
    role: string,
  ) => markup`<li><a href="${address(visit, '/portal', { app: app.name, role })}">${words(role)}
<small>${words(app.offers?.[role]?.description ?? '')}</small></a></li>`
  return markup`<p>Application: <strong>${words(app.name)}</strong> · <a href="${address(visit, '/portal')}">choose another</a></p>
<p>Which role do you need?</p><ul class="cards">${app.roles.map(card)}</ul>`
}

function requestForm(visit: Visit, me: Account, app: JiraSeedApp, role: string | null, because: string | null): Markup {
  const { site, form } = visit
  const option = (name: string, value: string) =>
    markup`<option value="${value}"${(form.get(name) ?? (name === 'role' ? role : null)) === value ? markup` selected` : null}>${value}</option>`
  const durations = (role === null ? undefined : app.offers?.[role]?.durations) ?? site.seed.durations
  return markup`${because === null ? null : alert(because)}
<form method="post" action="/portal">
${meField(me)}<input type="hidden" name="app" value="${app.name}">
<p>Application: <strong>${words(app.name)}</strong> · <a href="${address(visit, '/portal')}">choose another</a></p>
${
  role !== null && app.offers !== undefined
    ? chosenRole(visit, app, role)
    : markup`<label for="role">Role</label>
<select id="role" name="role" required>
<option value="">Choose a role</option>
${app.roles.map((each) => option('role', each))}
</select>`
}
<label for="duration">For how long</label>
<select id="duration" name="duration" required>
<option value="">Choose a time</option>
${durations.map((duration) => option('duration', duration))}
</select>
<label for="reason">Business reason</label>
<textarea id="reason" name="reason" required aria-describedby="reason-hint">
${form.get('reason') ?? ''}</textarea>
<p class="hint" id="reason-hint">The approver and an auditor read this.</p>
<p class="act"><button>Send the request</button></p>
</form>`
}

function chosenRole(visit: Visit, app: JiraSeedApp, role: string): Markup {
  return markup`<input type="hidden" name="role" value="${role}">
<p>Role: <strong>${words(role)}</strong> · <a href="${address(visit, '/portal', { app: app.name })}">choose another</a></p>
<p class="hint">${words(app.offers?.[role]?.description ?? '')}</p>`
}
