/** RFC 4180, as people's spreadsheets write it: quoted fields, doubled quotes, CRLF or LF, an optional byte order mark. Empty lines are left out. */
export function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  const body = text.replace(/^\uFEFF/, '')
  for (let place = 0; place < body.length; place += 1) {
    const character = body[place]
    if (quoted) {
      if (character !== '"') field += character
      else if (body[place + 1] === '"') {
        field += '"'
        place += 1
      } else quoted = false
    } else if (character === '"' && field === '') quoted = true
    else if (character === ',') {
      row.push(field)
      field = ''
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && body[place + 1] === '\n') place += 1
      row.push(field)
      if (row.some((each) => each !== '')) rows.push(row)
      row = []
      field = ''
    } else field += character
  }
  row.push(field)
  if (row.some((each) => each !== '')) rows.push(row)
  return rows
}
