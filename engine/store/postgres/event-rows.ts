/** Events as they are stored, with their personal fields; `e` is the event. */
export const EVENT = `
  SELECT e.position, e.stream, e.version, e.type, e.at, e.by, e.data, e.nonce, e.personal, p.fields AS "personalFields", p.salt
  FROM event e LEFT JOIN personal p USING (stream, version)`
