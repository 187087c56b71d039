import type { ReactElement } from 'react'
import { useEffect, useId, useRef, useState } from 'react'
import { rememberList } from '../route/list-address.ts'
import type { RequestsFilter } from '../route/route.ts'
import { hashOfRequests, STATE_FILTERS } from '../route/route.ts'
import type { Concern, PersonChoice, StateFilter } from '../wire.ts'
import { visible } from '../words/visible.ts'
import { filterWords } from '../words/state-words.ts'
import { SearchIcon } from './icons.ts'

const TYPING_PAUSE_MS = 250

/** What is shown lives in the address; this only writes there. */
export function RequestsToolbar(props: {
  readonly filter: RequestsFilter
  readonly person: PersonChoice | null
}): ReactElement {
  const { filter, person } = props
  const id = useId()
  const [search, setSearch] = useState(filter.search)
  const written = useRef(filter.search)

  useEffect(() => {
    // A word that came from the address (back, a link) goes into the box; one that we wrote there ourselves must not, for
    // somebody may have typed on.
    if (filter.search !== written.current) setSearch(filter.search)
    written.current = filter.search
  }, [filter.search])
  useEffect(() => rememberList(hashOfRequests(filter)), [filter])
  useEffect(() => {
    if (search.trim() === filter.search.trim()) return undefined
    // Replaced, not added: "back" leads out of the list, not through every letter that was typed.
    const timer = setTimeout(() => {
      written.current = search.trim()
      location.replace(hashOfRequests({ ...filter, search }))
    }, TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [search, filter])

  const go = (change: Partial<RequestsFilter>): void => {
    location.hash = hashOfRequests({ ...filter, search, ...change })
  }

  return (
    <search className="toolbar">
      <div className="search-box">
        <label htmlFor={`${id}-search`} className="visually-hidden">
          Search requests
        </label>
        <span className="search-icon">
          <SearchIcon label="" color="currentColor" />
        </span>
        <input
          id={`${id}-search`}
          className="input"
          type="search"
          placeholder="Search requests"
          maxLength={200}
          autoComplete="off"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <label htmlFor={`${id}-state`} className="visually-hidden">
        State
      </label>
      <select
        id={`${id}-state`}
        className="input"
        value={filter.state ?? ''}
        onChange={(event) => go({ state: (event.target.value || null) as StateFilter | null })}
      >
        <option value="">All states</option>
        {STATE_FILTERS.map((state) => (
          <option key={state} value={state}>
            {filterWords(state)}
          </option>
        ))}
      </select>
      {person ? (
        <>
          <label htmlFor={`${id}-concern`} className="visually-hidden">
            Whom it concerns
          </label>
          <select
            id={`${id}-concern`}
            className="input"
            value={filter.concern ?? ''}
            onChange={(event) => go({ concern: (event.target.value || null) as Concern | null })}
          >
            <option value="">Everybody’s</option>
            <option value="asked">{`Asked by ${visible(person.name)}`}</option>
            <option value="waiting">{`Waiting on ${visible(person.name)}`}</option>
          </select>
        </>
      ) : null}
    </search>
  )
}
